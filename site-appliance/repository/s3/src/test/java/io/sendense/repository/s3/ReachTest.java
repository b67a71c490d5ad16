package io.sendense.repository.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.testkit.s3.S3Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who a store talks to, and as whom. */
@Tag("server")
class ReachTest {
  @Test
  void aServerOfAnUnknownAuthorityIsRefusedAndOneNamedByFileIsTrusted(@TempDir Path folder) {
    try (Buckets buckets = new Buckets(S3Peer.versityWithTls(folder))) {
      String bucket = buckets.plain();
      try (S3ObjectStore store = buckets.open(bucket, "r")) {
        store.put(new ObjectName("a"), new byte[1 << 20]);
        assertThat(store.get(new ObjectName("a"), 1 << 20)).hasSize(1 << 20);
      }
      S3Settings trusting = buckets.settings(bucket, "r");
      S3Settings usual =
          new S3Settings(
              bucket,
              "r",
              trusting.endpoint(),
              trusting.region(),
              false,
              Optional.empty(),
              trusting.credentials(),
              trusting.profile(),
              Duration.ofSeconds(20));

      assertThatThrownBy(() -> S3ObjectStore.open(usual)).hasMessageContaining("certificate");
    }
  }

  @Test
  void aWrongSecretAnAbsentBucketAndAnAbsentFileAreNamed(@TempDir Path folder) throws Exception {
    try (Buckets buckets = new Buckets(S3Peer.versity(folder))) {
      assertCode(() -> buckets.open("nobodys-bucket", ""), ErrorCode.NOT_FOUND);
      String bucket = buckets.plain();
      Path credentials = buckets.settings(bucket, "").credentials().orElseThrow();
      Files.writeString(
          credentials,
          Files.readString(credentials).replace("sendense-test-secret", "sendense-wrong"));
      assertCode(() -> buckets.open(bucket, ""), ErrorCode.UNAUTHENTICATED);
      Files.delete(credentials);
      assertCode(() -> buckets.open(bucket, ""), ErrorCode.BAD_ARGUMENT);
    }
  }

  private static void assertCode(Runnable action, ErrorCode code) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(SendenseException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
