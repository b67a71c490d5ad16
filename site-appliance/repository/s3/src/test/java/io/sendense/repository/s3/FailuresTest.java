package io.sendense.repository.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoreFailure;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

@Tag("server")
class FailuresTest {
  private static final ObjectName NAME = new ObjectName("points/a");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "503, SlowDown, STORE_UNAVAILABLE",
    "500, InternalError, STORE_UNAVAILABLE",
    "429, TooManyRequests, STORE_UNAVAILABLE",
    "408, RequestTimeout, STORE_UNAVAILABLE",
    "400, RequestTimeout, STORE_UNAVAILABLE",
    "400, BadDigest, STORE_UNAVAILABLE",
    "409, OperationAborted, STORE_UNAVAILABLE",
    "400, InvalidRequest, STORE_UNSUPPORTED",
    "400, MalformedXML, STORE_UNSUPPORTED",
    "411, MissingContentLength, STORE_UNSUPPORTED",
    "413, EntityTooLarge, STORE_UNSUPPORTED",
    "418, SomethingNew, STORE_UNSUPPORTED",
    "403, AccessDenied, FORBIDDEN",
    "403, InvalidAccessKeyId, UNAUTHENTICATED",
    "403, SignatureDoesNotMatch, UNAUTHENTICATED",
    "403, RequestTimeTooSkewed, UNAUTHENTICATED",
    "403, InvalidObjectState, STORE_ARCHIVED",
    "404, NoSuchKey, STORE_OBJECT_MISSING",
    "404, NoSuchBucket, NOT_FOUND",
    "400, AuthorizationHeaderMalformed, BAD_ARGUMENT",
    "501, NotImplemented, STORE_UNSUPPORTED",
    "507, InsufficientStorage, NO_SPACE"
  })
  void everyAnswerHasAMeaningAndIsAskedForOnce(int status, String code, ErrorCode meaning)
      throws Exception {
    try (CannedServer server =
            new CannedServer(
                folder,
                exchange -> {
                  if (exchange.getRequestMethod().equals("HEAD")) {
                    CannedServer.succeed(exchange, "");
                  } else {
                    CannedServer.fail(exchange, status, code);
                  }
                });
        S3ObjectStore store = server.open(PATIENCE)) {
      int before = server.requests.get();

      assertThatThrownBy(() -> store.list(""))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> {
                assertThat(e.remedy()).isNotEmpty();
                assertThat(e.toString()).doesNotContain("topsecret");
              });
      assertThat(server.requests.get() - before).as("no retry below the retry layer").isEqualTo(1);
      assertThat(S3Failure.of("s", NAME, "reading", failure(status, code)).code())
          .isEqualTo(meaning);
    }
  }

  @Test
  void aServerThatSaysNothingIsGivenUpAtTheDeadline() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (CannedServer server =
            new CannedServer(
                folder,
                exchange -> {
                  try {
                    end.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
        S3ObjectStore store = server.open(Duration.ofMillis(1500))) {
      assertThatThrownBy(() -> store.stat(NAME))
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(StoreFailure.isPermanent(e)).isFalse());
      end.countDown();
    }
  }

  @Test
  void aBucketWithoutVersionsAtAServerThatOverwritesIsNotWrittenTo() throws Exception {
    try (CannedServer server =
            new CannedServer(folder, exchange -> CannedServer.succeed(exchange, ""));
        S3ObjectStore store = server.open(PATIENCE)) {
      assertThatThrownBy(() -> store.put(NAME, new byte[1]))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNSUPPORTED);
                assertThat(e).hasMessageContaining("switch on versioning");
              });
    }
  }

  @Test
  void aPutWhoseLockTheServerForgetsIsUndoneAndFails() throws Exception {
    List<String> methods = new CopyOnWriteArrayList<>();
    ObjectLock lock = new ObjectLock(LockMode.COMPLIANCE, Instant.parse("2030-01-01T00:00:00Z"));
    try (CannedServer server =
            new CannedServer(
                folder,
                true,
                exchange -> {
                  methods.add(exchange.getRequestMethod());
                  exchange.getResponseHeaders().add("x-amz-version-id", "v1");
                  CannedServer.succeed(
                      exchange,
                      exchange.getRequestMethod().equals("GET")
                          ? "<ListVersionsResult><Version><Key>points/a</Key>"
                              + "<VersionId>v1</VersionId><Size>1</Size>"
                              + "<LastModified>2026-11-21T12:00:00.000Z</LastModified>"
                              + "</Version></ListVersionsResult>"
                          : "");
                });
        S3ObjectStore store = server.open(PATIENCE)) {
      assertThatThrownBy(() -> store.put(NAME, new byte[1], 0, 1, Optional.of(lock)))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNSUPPORTED))
          .hasMessageContaining("without the lock");
      assertThat(methods).containsExactly("PUT", "GET", "HEAD", "DELETE");
    }
  }

  @Test
  void anAnswerOfTheWrongLengthIsNeverTakenForTheObject() throws Exception {
    try (CannedServer server =
            new CannedServer(
                folder,
                exchange -> {
                  if (exchange.getRequestMethod().equals("HEAD")) {
                    exchange.getResponseHeaders().add("Content-Length", "5");
                  }
                  CannedServer.succeed(exchange, "four");
                });
        S3ObjectStore store = server.open(PATIENCE)) {
      assertThatThrownBy(() -> store.get(NAME, 100)).isInstanceOf(SendenseException.class);
    }
  }

  @Test
  void settingsThatWouldSendCredentialsInTheClearAreRefused() {
    for (String endpoint :
        new String[] {"http://storage.example", "ftp://127.0.0.1", "https://k:s@storage.example"}) {
      assertThatThrownBy(() -> settings("bucket", "", endpoint))
          .as(endpoint)
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT))
          .hasMessageNotContaining("k:s");
    }
    assertThatThrownBy(() -> settings("Bad_Bucket/", "", "https://storage.example"))
        .hasMessageContaining("no name of a bucket");
    assertThatThrownBy(() -> settings("bucket", "a//b", "https://storage.example"))
        .hasMessageContaining("folder of a store");
  }

  private static S3Settings settings(String bucket, String prefix, String endpoint) {
    return new S3Settings(
        bucket,
        prefix,
        Optional.of(URI.create(endpoint)),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        PATIENCE);
  }

  private static S3Exception failure(int status, String code) {
    return (S3Exception)
        S3Exception.builder()
            .statusCode(status)
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode(code).errorMessage("as planned").build())
            .build();
  }
}
