package io.sendense.repository.s3;

import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.TierState;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * Storage classes as tiers. S3 changes the class of an object in place only by a lifecycle rule; a
 * copy onto itself would be a new version with a new time and without the lock. So an object is
 * tagged, and a rule of the bucket that goes by the tag moves it, within a day or so. Out of the
 * archive a readable copy is asked for, which stays for some days.
 */
final class Tiers {
  /** Tag whose value, {@code cool} or {@code archive}, a lifecycle rule of the bucket goes by. */
  static final String TAG = "sendense-tier";

  private static final int READABLE_DAYS = 7;

  private final Bucket bucket;
  private final Locks locks;

  Tiers(Bucket bucket, Locks locks) {
    this.bucket = bucket;
    this.locks = locks;
  }

  static ObjectTier of(@Nullable String storageClass) {
    return switch (storageClass == null ? "STANDARD" : storageClass) {
      case "STANDARD_IA", "ONEZONE_IA", "GLACIER_IR" -> ObjectTier.COOL;
      case "GLACIER", "DEEP_ARCHIVE" -> ObjectTier.ARCHIVE;
      default -> ObjectTier.HOT;
    };
  }

  /** The tier whose tag a rule in force goes by, and nothing else but the tag. */
  static Optional<ObjectTier> named(LifecycleRule rule) {
    Tag tag = rule.filter() == null ? null : rule.filter().tag();
    if (rule.status() != ExpirationStatus.ENABLED || tag == null || !TAG.equals(tag.key())) {
      return Optional.empty();
    }
    return switch (tag.value()) {
      case "cool" -> Optional.of(ObjectTier.COOL);
      case "archive" -> Optional.of(ObjectTier.ARCHIVE);
      default -> Optional.empty();
    };
  }

  TierState state(Version version) {
    HeadObjectResponse head = locks.head(version);
    ObjectTier tier = of(head.storageClassAsString());
    if (tier != ObjectTier.ARCHIVE) {
      return TierState.online(tier);
    }
    String restore = head.restore() == null ? "" : head.restore();
    return new TierState(
        tier,
        restore.contains("ongoing-request=\"false\""),
        restore.contains("ongoing-request=\"true\""));
  }

  void move(Version version, ObjectTier wanted) {
    TierState state = state(version);
    if (state.tier() == wanted) {
      return;
    }
    if (wanted == ObjectTier.HOT && state.tier() == ObjectTier.ARCHIVE) {
      bringBack(version, state);
      return;
    }
    if (!bucket.tiers().contains(wanted) || wanted.compareTo(state.tier()) < 0) {
      throw StoreFailure.unsupported(
          bucket.settings().describe(), "the tier " + wanted + " for " + version.name());
    }
    String value = wanted.name().toLowerCase(Locale.ROOT);
    bucket.call(
        version.name(),
        "tagging",
        () ->
            bucket
                .client()
                .putObjectTagging(
                    ask ->
                        ask.bucket(bucket.name())
                            .key(bucket.key(version.name()))
                            .versionId(version.id())
                            .tagging(
                                set -> set.tagSet(Tag.builder().key(TAG).value(value).build()))));
  }

  private void bringBack(Version version, TierState state) {
    if (state.readable() || state.rehydrating()) {
      return;
    }
    try {
      bucket
          .client()
          .restoreObject(
              ask ->
                  ask.bucket(bucket.name())
                      .key(bucket.key(version.name()))
                      .versionId(version.id())
                      .restoreRequest(wish -> wish.days(READABLE_DAYS)));
    } catch (S3Exception e) {
      if (!S3Failure.code(e).equals("RestoreAlreadyInProgress")) {
        throw bucket.failure(version.name(), "bringing back", e);
      }
    } catch (SdkException e) {
      throw bucket.failure(version.name(), "bringing back", e);
    }
  }
}
