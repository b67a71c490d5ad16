package io.sendense.cloud.fleet.internal;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.fleet.LeasePort;
import io.sendense.controllink.ControlLink;
import io.sendense.controllink.Enrolment;
import io.sendense.controllink.Identity;
import io.sendense.controllink.IdentityStore;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import io.sendense.protocol.LeaseAnswer;
import io.sendense.protocol.LeaseRequest;
import io.sendense.protocol.UsageAnswer;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A listener over loopback with everything behind it but the database. */
final class LinkFixture implements AutoCloseable {
  static final MspId MSP = new MspId(new UUID(1, 1));
  static final CustomerId CUSTOMER = new CustomerId(new UUID(2, 2));

  final SecureRandom random = new SecureRandom();
  final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  final InstantSource clock = () -> InstantSource.system().instant().plus(ahead.get());
  final MemoryFleetStore store = new MemoryFleetStore();
  final Changes changes = new Changes();
  final AtomicLong leases = new AtomicLong();
  final AtomicInteger batches = new AtomicInteger();
  final Path folder;
  final CertificateAuthority authority;
  final LinkServer server;

  LinkFixture(Path folder) {
    this(folder, LinkSettings.DEFAULT);
  }

  LinkFixture(Path folder, LinkSettings settings) {
    this.folder = folder;
    this.authority = CaFolder.open(folder.resolve("cloud"), random, clock);
    EstRoutes est = new EstRoutes(authority, store, settings, clock);
    LeasePort port =
        (identity, request) -> {
          long sequence = leases.incrementAndGet();
          LeaseAnswer answer = new LeaseAnswer("licence", "lease-" + sequence, clock.instant());
          return new LeasePort.Issued(answer, sequence);
        };
    StateRoutes state =
        new StateRoutes(
            est,
            store,
            port,
            (identity, key, batch) ->
                new UsageAnswer(
                    UsageAnswer.Outcome.ACCEPTED, "usage", 1, batches.incrementAndGet(), 1),
            changes,
            settings,
            clock);
    // The listener's own certificate stays on real time: the client judges it by its real clock.
    ServerKeys keys = new ServerKeys(authority, settings.names(), random, InstantSource.system());
    this.server = new LinkServer("127.0.0.1", 0, keys, new LinkRoutes(est, state));
  }

  URI url() {
    return URI.create("https://localhost:" + server.port());
  }

  Path caFile() {
    return folder.resolve("cloud").resolve("link-ca.pem");
  }

  String token(Duration validFor, boolean approve) {
    EnrolmentToken token = EnrolmentToken.create(MSP, CUSTOMER, UUID.randomUUID(), random);
    store.add(token, clock.instant().plus(validFor), approve);
    return token.text();
  }

  Path state(String name) throws java.io.IOException {
    return java.nio.file.Files.createDirectories(folder.resolve(name));
  }

  Enrolment enrolment(Path state) {
    return new Enrolment(new IdentityStore(state), random, clock, Optional.empty());
  }

  Identity enrol(Path state, String token) throws InterruptedException {
    return enrolment(state).enrol(url(), IdentityStore.readCa(caFile()), "appliance-one", token);
  }

  Identity enrolled(Path state) throws InterruptedException {
    return enrol(state, token(Duration.ofHours(1), false));
  }

  ControlLink link(Identity identity, UUID session) {
    return new ControlLink(
        url(), IdentityStore.readCa(caFile()), identity, Optional.empty(), session);
  }

  LeaseRequest lease(long held) {
    return new LeaseRequest(UUID.randomUUID(), held, clock.instant(), List.of());
  }

  static ApplianceIdentity identity(Identity identity) {
    return new ApplianceIdentity(MSP, CUSTOMER, identity.appliance());
  }

  Instant now() {
    return clock.instant();
  }

  @Override
  public void close() {
    server.close();
  }
}
