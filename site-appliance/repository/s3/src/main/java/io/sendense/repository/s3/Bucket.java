package io.sendense.repository.s3;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectTier;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Transition;

/**
 * A bucket as it was when the store was opened, and the way to speak to it. Thread-safe.
 *
 * @param versions what it does with a second put of a key
 * @param locks it enforces Object Lock
 * @param tiers the tiers for which it has a lifecycle rule that goes by {@link Tiers#TAG}
 */
record Bucket(
    S3Client client, S3Settings settings, Versions versions, boolean locks, Set<ObjectTier> tiers) {

  /** What a bucket keeps of a key that is put again or deleted. */
  enum Versions {
    /** The last put alone. */
    NONE,
    /** All versions. */
    KEPT,
    /** Those from before; a new put replaces the newest that has no id. */
    SUSPENDED
  }

  static Bucket examine(S3Client client, S3Settings settings) {
    Versions versions = versions(client, settings);
    boolean locks = versions == Versions.KEPT && locks(client, settings);
    return new Bucket(client, settings, versions, locks, tiers(client, settings));
  }

  boolean hasVersions() {
    return versions != Versions.NONE;
  }

  String name() {
    return settings.bucket();
  }

  String key(ObjectName name) {
    return keyPrefix() + name.value();
  }

  String keyPrefix() {
    return settings.prefix().isEmpty() ? "" : settings.prefix() + "/";
  }

  /** The object that a key is; empty for keys that are not below the prefix or no names of ours. */
  Optional<ObjectName> nameOf(String key) {
    if (!key.startsWith(keyPrefix())) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ObjectName(key.substring(keyPrefix().length())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Runs a call; what fails, fails as the contract says. */
  <T> T call(@Nullable ObjectName name, String doing, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw failure(name, doing, e);
    }
  }

  SendenseException failure(@Nullable ObjectName name, String doing, SdkException e) {
    return S3Failure.of(settings.describe(), name, doing, e);
  }

  private static Versions versions(S3Client client, S3Settings settings) {
    try {
      BucketVersioningStatus status =
          client.getBucketVersioning(ask -> ask.bucket(settings.bucket())).status();
      if (status == null) {
        return Versions.NONE;
      }
      return status == BucketVersioningStatus.ENABLED ? Versions.KEPT : Versions.SUSPENDED;
    } catch (S3Exception e) {
      if (S3Failure.isUnknownToServer(e)) {
        return Versions.NONE;
      }
      throw S3Failure.of(settings.describe(), null, "asking whether it keeps versions", e);
    } catch (SdkException e) {
      throw S3Failure.of(settings.describe(), null, "asking whether it keeps versions", e);
    }
  }

  /** A bucket that does not tell has none: a put that asks for a lock is then refused. */
  private static boolean locks(S3Client client, S3Settings settings) {
    try {
      return client
              .getObjectLockConfiguration(ask -> ask.bucket(settings.bucket()))
              .objectLockConfiguration()
              .objectLockEnabled()
          == ObjectLockEnabled.ENABLED;
    } catch (S3Exception e) {
      if (e.statusCode() >= 500 && !S3Failure.isUnknownToServer(e)) {
        throw S3Failure.of(settings.describe(), null, "asking whether it locks objects", e);
      }
      return false;
    } catch (SdkException e) {
      throw S3Failure.of(settings.describe(), null, "asking whether it locks objects", e);
    }
  }

  private static Set<ObjectTier> tiers(S3Client client, S3Settings settings) {
    Set<ObjectTier> tiers = EnumSet.of(ObjectTier.HOT);
    try {
      for (LifecycleRule rule :
          client.getBucketLifecycleConfiguration(ask -> ask.bucket(settings.bucket())).rules()) {
        Tiers.named(rule)
            .filter(
                tier ->
                    rule.transitions().stream()
                        .map(Transition::storageClassAsString)
                        .anyMatch(storageClass -> Tiers.of(storageClass) == tier))
            .ifPresent(tiers::add);
      }
    } catch (SdkException e) {
      // A bucket without rules, or one that does not show them, moves nothing.
      return EnumSet.of(ObjectTier.HOT);
    }
    return tiers;
  }
}
