package io.sendense.repository.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AccessTest {
  private static final ObjectName NAME = new ObjectName("packs/one");
  private static final ObjectLock LOCK =
      new ObjectLock(LockMode.COMPLIANCE, Instant.ofEpochSecond(4_000_000_000L));

  private final ObjectStore behind = new MemoryObjectStore(InstantSource.system());

  @Test
  void whoMayOnlyAddCanDestroyNothing() {
    try (Site site = Site.start(behind, Rights.parse("read,add,lock"));
        ObjectStore store = site.client()) {
      store.put(NAME, new byte[100_000], 0, 100_000, Optional.of(LOCK));
      store.setLegalHold(NAME, true);
      byte[] kept = behind.get(NAME, 100_000);

      refused(() -> store.delete(NAME), ErrorCode.FORBIDDEN, "delete packs/one");
      refused(() -> store.put(NAME, new byte[100_000]), ErrorCode.ALREADY_EXISTS, "packs/one");
      refused(() -> store.put(NAME, new byte[1]), ErrorCode.ALREADY_EXISTS, "packs/one");
      refused(() -> store.setLegalHold(NAME, false), ErrorCode.FORBIDDEN, "lift a hold");
      refused(
          () ->
              store.extendLock(
                  NAME, new ObjectLock(LockMode.COMPLIANCE, LOCK.until().minusSeconds(9))),
          ErrorCode.STORE_LOCKED,
          "");
      refused(() -> store.moveTo(NAME, ObjectTier.ARCHIVE), ErrorCode.STORE_UNSUPPORTED, "ARCHIVE");
      refused(() -> store.moveTo(NAME, ObjectTier.HOT), ErrorCode.FORBIDDEN, "between tiers");
      assertThat(behind.get(NAME, 100_000)).isEqualTo(kept);
      assertThat(behind.lockState(NAME)).isEqualTo(new LockState(Optional.of(LOCK), true));
    }
  }

  @Test
  void deletionMayBeAllowedBelowOneFolder() {
    try (Site site = Site.start(behind, Rights.parse("read, add, delete:intents"));
        ObjectStore store = site.client()) {
      ObjectName intent = new ObjectName("intents/mine");
      ObjectName alike = new ObjectName("intents2/mine");
      store.put(intent, new byte[1]);
      store.put(alike, new byte[1]);

      store.delete(intent);
      refused(() -> store.delete(alike), ErrorCode.FORBIDDEN, "intents2");
      assertThat(behind.list("")).hasSize(1);
    }
  }

  @Test
  void whoMayOnlyReadAddsNothingAndWhoMayOnlyAddSeesNothing() {
    behind.put(NAME, new byte[] {7});
    try (Site site = Site.start(behind, Rights.of(Right.READ));
        ObjectStore store = site.client()) {
      assertThat(store.get(NAME, 1)).containsExactly(7);
      assertThat(store.capabilities().writable()).isFalse();
      refused(() -> store.put(new ObjectName("x"), new byte[1]), ErrorCode.FORBIDDEN, "put");
      refused(() -> store.put(new ObjectName("x"), new byte[99_999]), ErrorCode.FORBIDDEN, "put");
      refused(() -> store.setLegalHold(NAME, true), ErrorCode.STORE_UNSUPPORTED, "hold");
    }
    try (Site site = Site.start(behind, Rights.of(Right.ADD));
        ObjectStore store = site.client()) {
      refused(() -> store.get(NAME, 1), ErrorCode.FORBIDDEN, "read");
      refused(() -> store.stat(NAME), ErrorCode.FORBIDDEN, "read");
      refused(() -> store.backendChecksum(NAME), ErrorCode.FORBIDDEN, "read");
      refused(() -> store.list(""), ErrorCode.FORBIDDEN, "list");
      refused(
          () -> store.put(new ObjectName("y"), new byte[1], 0, 1, Optional.of(LOCK)),
          ErrorCode.STORE_UNSUPPORTED,
          "lock");
    }
    assertThat(behind.list("")).hasSize(1);
  }

  @Test
  void everyPeerSeesItsOwnStore() {
    ObjectStore other = new MemoryObjectStore(InstantSource.system());
    List<Grant> grants =
        List.of(
            Site.grant("site-b", behind, Site.EVERYTHING),
            Site.grant("site-c", other, Site.EVERYTHING));
    try (Site site = Site.start(grants, 0, UnaryOperator.identity(), true);
        ObjectStore b = site.client("site-b");
        ObjectStore c = site.client("site-c")) {
      b.put(NAME, new byte[] {1});
      c.put(NAME, new byte[] {2});

      assertThat(b.get(NAME, 1)).containsExactly(1);
      assertThat(other.get(NAME, 1)).containsExactly(2);
    }
  }

  @Test
  void whoHasNoGrantLearnsNotEvenWhetherTheRepositoryIsThere() {
    try (Site site = Site.start(behind)) {
      String denied =
          String.valueOf(
              refused(() -> site.client("site-x"), ErrorCode.FORBIDDEN, "sha256:").getMessage());
      RemoteStoreOptions elsewhere = RemoteStoreOptions.of("localhost", site.port(), "elsewhere");
      String unknown =
          String.valueOf(
              refused(
                      () -> RemoteObjectStore.open(elsewhere, Site.PKI.client("site-x")),
                      ErrorCode.FORBIDDEN,
                      "sha256:")
                  .getMessage());
      assertThat(unknown.replace("elsewhere", Site.REPOSITORY)).isEqualTo(denied);
      refused(
          () -> RemoteObjectStore.open(elsewhere, Site.PKI.client("site-b")),
          ErrorCode.FORBIDDEN,
          "");
    }
  }

  @Test
  void aPeerCanBeNamedByItsKey() throws Exception {
    PeerIdentity key;
    try (InputStream in = Files.newInputStream(Site.PKI.client("site-k").certificate())) {
      key =
          PeerIdentity.of(
              CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey());
    }
    Grant grant = new Grant(key, Site.REPOSITORY, behind, Site.EVERYTHING);
    try (Site site = Site.start(List.of(grant), 0, UnaryOperator.identity(), true);
        ObjectStore store = site.client("site-k")) {
      assertThat(store.list("")).isEmpty();
      refused(site::client, ErrorCode.FORBIDDEN, "");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCertificateOfAForeignCaOfTheSameNameIsRefusedByEitherSide(boolean nativeTls) {
    List<Grant> grants = List.of(Site.grant("site-b", behind, Site.EVERYTHING));
    TlsIdentity foreign = Site.FOREIGN.client("site-b");
    try (Site site = Site.start(grants, 0, UnaryOperator.identity(), nativeTls)) {
      RemoteStoreOptions options = Site.options(site.port());
      TlsIdentity trustingUs =
          new TlsIdentity(foreign.certificate(), foreign.key(), Site.PKI.trust());
      refused(
          () -> RemoteObjectStore.open(options, trustingUs, nativeTls),
          ErrorCode.UNAUTHENTICATED,
          "certificates");
      TlsIdentity ours = Site.PKI.client("site-b");
      TlsIdentity trustingThem =
          new TlsIdentity(ours.certificate(), ours.key(), Site.FOREIGN.trust());
      refused(
          () -> RemoteObjectStore.open(options, trustingThem, nativeTls),
          ErrorCode.UNAUTHENTICATED,
          "certificates");
    }
    assertThat(behind.list("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aServerUnderAnotherNameIsRefused(boolean nativeTls) {
    List<Grant> grants = List.of(Site.grant("site-b", behind, Site.EVERYTHING));
    try (Site site = Site.start(grants, 0, UnaryOperator.identity(), nativeTls)) {
      RemoteStoreOptions byOtherName =
          RemoteStoreOptions.of("127.0.0.2", site.port(), Site.REPOSITORY);
      // The whole of 127/8 is this machine, but the certificate names only its first address.
      try (PortForward forward = PortForward.to(site.port(), "127.0.0.2")) {
        RemoteStoreOptions there =
            RemoteStoreOptions.of(byOtherName.host(), forward.port(), Site.REPOSITORY);
        refused(
            () -> RemoteObjectStore.open(there, Site.PKI.client("site-b"), nativeTls),
            ErrorCode.UNAUTHENTICATED,
            "certificates");
      }
    }
  }

  @Test
  void aServersCertificateIsNotAClients() {
    TlsIdentity server = Site.PKI.server(Site.NAMES);
    Grant grant =
        new Grant(new PeerIdentity("dns:localhost"), Site.REPOSITORY, behind, Site.EVERYTHING);
    try (Site site = Site.start(List.of(grant), 0, UnaryOperator.identity(), true)) {
      refused(
          () -> RemoteObjectStore.open(Site.options(site.port()), server),
          ErrorCode.UNAUTHENTICATED,
          "");
    }
  }

  @Test
  void aKeyThatOthersCanReadIsRefused(@TempDir Path folder) throws IOException {
    TlsIdentity ours = Site.PKI.client("site-b");
    Path open = Files.copy(ours.key(), folder.resolve("key"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    TlsIdentity careless = new TlsIdentity(ours.certificate(), open, ours.trust());

    refused(() -> RemoteObjectStore.open(Site.options(1), careless), ErrorCode.FORBIDDEN, "chmod");
  }

  @Test
  void rightsAndIdentitiesThatDoNotExistAreSaidSo() {
    assertThat(Rights.parse("read,delete:a/b"))
        .isEqualTo(new Rights(Set.of(Right.READ), Set.of("a/b")));
    refused(() -> Rights.parse("read,write"), ErrorCode.BAD_ARGUMENT, "write");
    refused(() -> Rights.parse("delete:../x"), ErrorCode.BAD_ARGUMENT, "../x");
    refused(() -> new PeerIdentity("cn:x"), ErrorCode.BAD_ARGUMENT, "cn:x");
  }

  private static SendenseException refused(ThrowingCallable action, ErrorCode code, String words) {
    List<SendenseException> caught = new java.util.ArrayList<>();
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getMessage() + e.remedy()).contains(words);
              caught.add(e);
            });
    return caught.getFirst();
  }
}
