package io.sendense.repository.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import io.sendense.testkit.s3.S3Peer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.Transition;
import software.amazon.awssdk.services.s3.model.TransitionStorageClass;

/** What only moto shows: storage classes, which it does not move by itself, and delete markers. */
@Tag("server")
class MotoTest {
  private static final ObjectName NAME = new ObjectName("packs/old");

  private static Buckets buckets;

  @BeforeAll
  static void start(@TempDir Path folder) {
    buckets = new Buckets(S3Peer.moto(folder));
  }

  @AfterAll
  static void stop() {
    if (buckets != null) {
      buckets.close();
    }
  }

  @Test
  void anObjectInTheArchiveIsSaidToBeThereAndComesBackOnRequest() {
    String bucket = buckets.withVersions();
    putIn(bucket, StorageClass.DEEP_ARCHIVE);
    try (S3ObjectStore store = buckets.open(bucket, "")) {
      assertThat(store.tierState(NAME)).isEqualTo(new TierState(ObjectTier.ARCHIVE, false, false));
      assertThatThrownBy(() -> store.get(NAME, 10))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_ARCHIVED));

      store.moveTo(NAME, ObjectTier.HOT);
      store.moveTo(NAME, ObjectTier.HOT);

      assertThat(store.tierState(NAME)).isEqualTo(new TierState(ObjectTier.ARCHIVE, true, false));
      assertThat(store.get(NAME, 10)).hasSize(3);
    }
  }

  @Test
  void aCoolObjectIsReadAtOnce() {
    String bucket = buckets.withVersions();
    putIn(bucket, StorageClass.STANDARD_IA);
    try (S3ObjectStore store = buckets.open(bucket, "")) {
      assertThat(store.tierState(NAME)).isEqualTo(TierState.online(ObjectTier.COOL));
      assertThat(store.get(NAME, 10)).hasSize(3);
    }
  }

  @Test
  void anObjectIsTaggedForTheRuleThatMovesItAndStaysTheSameVersion() {
    String bucket = buckets.withVersions();
    buckets.client.putBucketLifecycleConfiguration(
        ask ->
            ask.bucket(bucket)
                .lifecycleConfiguration(
                    all ->
                        all.rules(
                            rule("cool", TransitionStorageClass.GLACIER_IR),
                            rule("archive", TransitionStorageClass.DEEP_ARCHIVE))));
    try (S3ObjectStore store = buckets.open(bucket, "")) {
      assertThat(store.capabilities().tiers())
          .containsExactlyInAnyOrder(ObjectTier.HOT, ObjectTier.COOL, ObjectTier.ARCHIVE);
      StoredObject stored = store.put(NAME, new byte[3]);

      store.moveTo(NAME, ObjectTier.ARCHIVE);

      assertThat(store.stat(NAME)).contains(stored);
      assertThat(
              buckets
                  .client
                  .getObjectTagging(ask -> ask.bucket(bucket).key(NAME.value()))
                  .tagSet()
                  .getFirst()
                  .value())
          .isEqualTo("archive");
      assertThat(buckets.client.listObjectVersions(ask -> ask.bucket(bucket)).versions())
          .hasSize(1);
    }
  }

  @Test
  void aPutThatTheServerTakesOverADeleteMarkerIsUndoneAndRefused() {
    String bucket = buckets.withVersions();
    try (S3ObjectStore store = buckets.open(bucket, "")) {
      store.put(NAME, new byte[3]);
      buckets.client.deleteObject(ask -> ask.bucket(bucket).key(NAME.value()));

      assertThatThrownBy(() -> store.put(NAME, new byte[4]))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));

      assertThat(store.get(NAME, 10)).hasSize(3);
      assertThat(buckets.client.listObjectVersions(ask -> ask.bucket(bucket)).versions())
          .hasSize(1);
    }
  }

  private static LifecycleRule rule(String tier, TransitionStorageClass storageClass) {
    return LifecycleRule.builder()
        .id(tier)
        .status(ExpirationStatus.ENABLED)
        .filter(LifecycleRuleFilter.builder().tag(tag -> tag.key(Tiers.TAG).value(tier)).build())
        .transitions(List.of(Transition.builder().days(1).storageClass(storageClass).build()))
        .build();
  }

  private static void putIn(String bucket, StorageClass storageClass) {
    buckets.client.putObject(
        ask -> ask.bucket(bucket).key(NAME.value()).storageClass(storageClass),
        RequestBody.fromBytes(new byte[3]));
  }
}
