package io.sendense.repository.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.TierState;
import io.sendense.testkit.azure.AzureSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AzureObjectStoreTest {
  private static final ObjectName NAME = new ObjectName("packs/one");
  private static final ObjectLock LOCK =
      new ObjectLock(LockMode.COMPLIANCE, Instant.ofEpochSecond(4_000_000_000L));

  private final AzureSimulator service = AzureSimulator.start();
  private final ObjectStore store =
      AzureObjectStore.open(Simulated.options(service), Simulated.ANYBODY);

  @AfterEach
  void stop() {
    store.close();
    service.close();
  }

  @Test
  void aDeletionLeavesNoEarlierVersionThatWouldCostMoney() {
    store.put(NAME, new byte[3]);
    store.delete(NAME);

    assertThat(service.container().earlierVersions()).isZero();
    assertThat(store.stat(NAME)).isEmpty();
  }

  @Test
  void aLockedBlobIsNotEvenHiddenAndTheDateIsSaid() {
    store.put(NAME, new byte[3], 0, 3, Optional.of(LOCK));

    assertThatThrownBy(() -> store.delete(NAME)).hasMessageContaining(LOCK.until().toString());
    assertThat(service.container().earlierVersions()).isZero();
    assertThat(store.get(NAME, 3)).hasSize(3);
    failed(() -> store.put(NAME, new byte[4]), ErrorCode.ALREADY_EXISTS);
    assertThat(service.container().isLocked("packs/one")).isTrue();
  }

  @Test
  void aServiceThatForgetsALockIsNotBelieved() {
    service.container().forgetPolicies();

    failed(
        () -> store.put(NAME, new byte[3], 0, 3, Optional.of(LOCK)), ErrorCode.STORE_UNSUPPORTED);
  }

  @Test
  void aContainerWithoutImmutableVersionsTakesNoLocks() {
    service.withoutImmutability();
    try (ObjectStore plain = AzureObjectStore.open(Simulated.options(service), Simulated.ANYBODY)) {
      assertThat(plain.capabilities().lockModes()).isEmpty();
      failed(
          () -> plain.put(NAME, new byte[3], 0, 3, Optional.of(LOCK)), ErrorCode.STORE_UNSUPPORTED);
      assertThat(plain.stat(NAME)).isEmpty();
    }
  }

  @Test
  void aGovernanceLockBecomesComplianceAndNeverBack() {
    ObjectLock governance = new ObjectLock(LockMode.GOVERNANCE, LOCK.until());
    store.put(NAME, new byte[3], 0, 3, Optional.of(governance));
    assertThat(service.container().isLocked("packs/one")).isFalse();

    store.extendLock(NAME, LOCK);
    assertThat(store.lockState(NAME).lock()).contains(LOCK);
    failed(() -> store.extendLock(NAME, governance), ErrorCode.STORE_LOCKED);
  }

  @Test
  void anArchivedBlobComesBackWhenTheServiceHasBroughtIt() {
    store.put(NAME, new byte[] {1, 2, 3});
    store.moveTo(NAME, ObjectTier.ARCHIVE);
    failed(() -> store.get(NAME, 3), ErrorCode.STORE_ARCHIVED);
    failed(() -> store.read(NAME, 0, new byte[1], 0, 1), ErrorCode.STORE_ARCHIVED);

    store.moveTo(NAME, ObjectTier.COOL);
    assertThat(store.tierState(NAME)).isEqualTo(new TierState(ObjectTier.ARCHIVE, false, true));
    store.moveTo(NAME, ObjectTier.COOL);
    failed(() -> store.moveTo(NAME, ObjectTier.HOT), ErrorCode.STORE_ARCHIVED);
    service.container().comeBack("packs/one");

    assertThat(store.tierState(NAME)).isEqualTo(TierState.online(ObjectTier.COOL));
    assertThat(store.get(NAME, 3)).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @CsvSource({
    "503,ServerBusy,STORE_UNAVAILABLE",
    "500,InternalError,STORE_UNAVAILABLE",
    "500,OperationTimedOut,STORE_UNAVAILABLE",
    "429,TooManyRequests,STORE_UNAVAILABLE",
    "403,AuthorizationPermissionMismatch,FORBIDDEN",
    "403,AuthenticationFailed,FORBIDDEN",
    "401,InvalidAuthenticationInfo,FORBIDDEN",
    "404,ContainerNotFound,NOT_FOUND",
    "409,BlobImmutableDueToLegalHold,ALREADY_EXISTS",
    "412,ConditionNotMet,ALREADY_EXISTS",
    "400,Md5Mismatch,STORE_UNAVAILABLE",
    "408,RequestTimeout,STORE_UNAVAILABLE",
    "400,InvalidHeaderValue,STORE_UNSUPPORTED",
    "413,RequestBodyTooLarge,STORE_UNSUPPORTED"
  })
  void anAnswerIsNamedAndNothingIsTriedTwice(int status, String code, ErrorCode expected) {
    int before = service.requests();
    service.refuseNext(status, code);

    failed(() -> store.put(NAME, new byte[3]), expected);
    assertThat(service.requests()).isEqualTo(before + 1);
  }

  @Test
  void aServiceThatDoesNotAnswerIsGivenUp() {
    try (ObjectStore hasty =
        AzureObjectStore.open(
            Simulated.options(service).withRequest(Duration.ofSeconds(2)), Simulated.ANYBODY)) {
      service.hang();
      failed(() -> hasty.stat(NAME), ErrorCode.DEADLINE_EXCEEDED);
      failed(() -> hasty.put(NAME, new byte[3]), ErrorCode.DEADLINE_EXCEEDED);
    }
  }

  @Test
  void aServiceThatIsGoneIsSaidToBe() {
    service.close();
    failed(() -> store.stat(NAME), ErrorCode.STORE_UNAVAILABLE);
    failed(() -> store.list(""), ErrorCode.STORE_UNAVAILABLE);
  }

  @Test
  void urlsAndCredentialsThatDoNotServeAreSaidSo(@TempDir Path folder) throws IOException {
    assertThat(AzureStoreOptions.parse("azblob://acc0unt/my-box/a/b", Map.of()))
        .isEqualTo(
            new AzureStoreOptions(
                java.net.URI.create("https://acc0unt.blob.core.windows.net"),
                "acc0unt",
                "my-box",
                "a/b/",
                Duration.ofMinutes(2)));
    for (String url :
        new String[] {
          "azblob://a/box", "azblob://account/B", "azblob://account/box/../x", "s3://a/b"
        }) {
      failed(() -> AzureStoreOptions.parse(url, Map.of()), ErrorCode.BAD_ARGUMENT);
    }
    failed(
        () ->
            AzureStoreOptions.parse(
                "azblob://account/box", Map.of(AzureStoreOptions.ENDPOINT, "http://far.example")),
        ErrorCode.BAD_ARGUMENT);

    Path sas = Files.writeString(folder.resolve("sas"), "?sv=1&sig=secret\n");
    Map<String, String> environment = Map.of(AzureCredential.SAS_FILE, sas.toString());
    Files.setPosixFilePermissions(sas, PosixFilePermissions.fromString("rw-r-----"));
    failed(() -> AzureCredential.of("account", environment), ErrorCode.FORBIDDEN);
    Files.setPosixFilePermissions(sas, PosixFilePermissions.fromString("rw-------"));
    AzureCredential credential = AzureCredential.of("account", environment);
    assertThat(credential).isEqualTo(new AzureCredential.Sas("sv=1&sig=secret"));
    assertThat(credential.toString()).doesNotContain("secret");
    assertThat(AzureCredential.of("account", Map.of())).isEqualTo(new AzureCredential.Entra());
  }

  private static void failed(ThrowingCallable action, ErrorCode code) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
