package io.sendense.repository.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoredObject;
import io.sendense.testkit.s3.S3Peer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Whoever may write to the bucket, and even delete in it, loses no sealed object. */
@Tag("server")
class FirstVersionTest {
  private static final ObjectName NAME = new ObjectName("points/sealed");
  private static final byte[] SEALED = "sealed".getBytes(StandardCharsets.US_ASCII);

  private static Buckets buckets;

  @BeforeAll
  static void start(@TempDir Path folder) {
    buckets = new Buckets(S3Peer.versity(folder));
  }

  @AfterAll
  static void stop() {
    if (buckets != null) {
      buckets.close();
    }
  }

  @Test
  void laterVersionsAndDeleteMarkersNeitherChangeNorHideAnObject() {
    String bucket = buckets.withVersions();
    try (S3ObjectStore store = buckets.open(bucket, "r")) {
      StoredObject sealed = store.put(NAME, SEALED);
      for (int i = 0; i < 12; i++) {
        vandalise(bucket, "version " + i);
      }
      buckets.client.deleteObject(ask -> ask.bucket(bucket).key("r/" + NAME));

      try (S3ObjectStore fresh = buckets.open(bucket, "r")) {
        assertThat(fresh.list("")).containsExactly(sealed);
        assertThat(fresh.stat(NAME)).contains(sealed);
        assertThat(fresh.get(NAME, 100)).isEqualTo(SEALED);
        byte[] part = new byte[3];
        fresh.read(NAME, 1, part, 0, 3);
        assertThat(part).asString(StandardCharsets.US_ASCII).isEqualTo("eal");
      }
      assertThatThrownBy(() -> store.put(NAME, new byte[3]))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
    }
  }

  @Test
  void whatArrivesDamagedIsRefusedByTheServer() {
    String bucket = buckets.plain();
    assertThatThrownBy(
            () ->
                buckets.client.putObject(
                    ask ->
                        ask.bucket(bucket)
                            .key("damaged")
                            .checksumSHA256("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
                    RequestBody.fromBytes(SEALED)))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(400));
  }

  @Test
  void deletingRemovesWhatOthersPutThereToo() {
    String bucket = buckets.withVersions();
    try (S3ObjectStore store = buckets.open(bucket, "r")) {
      store.put(NAME, SEALED);
      vandalise(bucket, "later");
      buckets.client.deleteObject(ask -> ask.bucket(bucket).key("r/" + NAME));

      store.delete(NAME);

      assertThat(store.stat(NAME)).isEmpty();
      assertThat(buckets.client.listObjectVersions(ask -> ask.bucket(bucket)).versions()).isEmpty();
      assertThat(buckets.client.listObjectVersions(ask -> ask.bucket(bucket)).deleteMarkers())
          .isEmpty();
      store.put(NAME, SEALED);
    }
  }

  @Test
  void aLockedObjectOutlivesAnAttemptToDeleteItAndStaysVisible() {
    String bucket = buckets.withLocks();
    try (S3ObjectStore store = buckets.open(bucket, "r")) {
      StoredObject clock = store.put(new ObjectName("clock"), new byte[0]);
      ObjectLock lock = new ObjectLock(LockMode.COMPLIANCE, clock.storedAt().plusSeconds(60));
      store.put(NAME, SEALED, 0, SEALED.length, Optional.of(lock));
      vandalise(bucket, "later");

      assertThatThrownBy(() -> store.delete(NAME)).hasMessageContaining(lock.until().toString());

      assertThat(store.get(NAME, 100)).isEqualTo(SEALED);
      assertThat(store.list("points")).hasSize(1);
    }
  }

  @Test
  void whatWasSealedBeforeVersionsWereSuspendedIsStillTheObject() {
    String bucket = buckets.withVersions();
    try (S3ObjectStore store = buckets.open(bucket, "r")) {
      store.put(NAME, SEALED);
    }
    buckets.versioning(bucket, BucketVersioningStatus.SUSPENDED);
    vandalise(bucket, "with versions suspended");

    try (S3ObjectStore store = buckets.open(bucket, "r")) {
      assertThat(store.get(NAME, 100)).isEqualTo(SEALED);
      store.put(new ObjectName("points/next"), SEALED);
      assertThatThrownBy(() -> store.put(new ObjectName("points/next"), SEALED))
          .hasMessageContaining("already in");
    }
  }

  @Test
  void keysThatAreNoNamesAreNotListedNorThoseOfOtherStores() {
    String bucket = buckets.withVersions();
    try (S3ObjectStore store = buckets.open(bucket, "r");
        S3ObjectStore other = buckets.open(bucket, "r2")) {
      StoredObject mine = store.put(NAME, SEALED);
      other.put(NAME, SEALED);
      for (String key : List.of("r/Holiday.JPG", "r/a b", "rx", "r/.hidden")) {
        buckets.client.putObject(ask -> ask.bucket(bucket).key(key), RequestBody.empty());
      }
      assertThat(store.list("")).containsExactly(mine);
    }
  }

  private static void vandalise(String bucket, String content) {
    buckets.client.putObject(
        ask -> ask.bucket(bucket).key("r/" + NAME), RequestBody.fromString(content));
  }
}
