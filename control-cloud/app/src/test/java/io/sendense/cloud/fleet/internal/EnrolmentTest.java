package io.sendense.cloud.fleet.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.controllink.ControlLink;
import io.sendense.controllink.Identity;
import io.sendense.controllink.IdentityStore;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
final class EnrolmentTest {
  @TempDir Path folder;
  private LinkFixture cloud;

  @BeforeEach
  void start() {
    cloud = new LinkFixture(folder);
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void anApplianceEnrolsAndIsLetIn() throws Exception {
    Path state = cloud.state("one");
    Identity identity = cloud.enrolled(state);

    assertThat(cloud.store.identities()).containsExactly(LinkFixture.identity(identity));
    try (ControlLink link = cloud.link(identity, UUID.randomUUID())) {
      assertThat(link.renewLease(cloud.lease(0)).lease()).isEqualTo("lease-1");
      assertThat(link.desiredState(-1, Duration.ZERO)).isPresent();
    }
  }

  @Test
  void theKeyIsReadableByItsOwnerOnly() throws Exception {
    Path state = cloud.state("one");
    cloud.enrolled(state);
    assertThat(rights(state.resolve("identity.pem"))).isEqualTo("rw-------");
    assertThat(rights(folder.resolve("cloud/link-ca.key.pem"))).isEqualTo("rw-------");
  }

  @Test
  void aTokenIsGoodForOneApplianceOnly() throws Exception {
    String token = cloud.token(Duration.ofHours(1), false);
    cloud.enrol(cloud.state("one"), token);
    Path two = cloud.state("two");
    refused(() -> cloud.enrol(two, token), ErrorCode.UNAUTHENTICATED, "was used before");
    assertThat(cloud.store.count()).isEqualTo(1);
  }

  @Test
  void anExpiredTokenIsRefused() throws Exception {
    String token = cloud.token(Duration.ofSeconds(-1), false);
    Path one = cloud.state("one");
    refused(() -> cloud.enrol(one, token), ErrorCode.UNAUTHENTICATED, "token expired at");
    assertThat(cloud.store.count()).isZero();
  }

  @Test
  void anUnknownTokenIsRefusedAndNotRepeated() throws Exception {
    Path one = cloud.state("one");
    String other =
        EnrolmentToken.create(
                LinkFixture.MSP, LinkFixture.CUSTOMER, UUID.randomUUID(), new SecureRandom())
            .text();
    refused(() -> cloud.enrol(one, other), ErrorCode.UNAUTHENTICATED, "is not known here");
    assertThatThrownBy(() -> cloud.enrol(one, "sdt1_secret"))
        .hasMessageContaining("is not known here")
        .hasMessageNotContaining("secret");
  }

  @Test
  void anEnrolmentWhoseAnswerWasLostIsAskedForAgain() throws Exception {
    String token = cloud.token(Duration.ofHours(1), false);
    Path state = cloud.state("one");
    Identity first = cloud.enrol(state, token);
    // As if the appliance had died before it could store the answer: the pending key is still
    // there.
    Path pending = state.resolve("identity.pending.pem");
    Files.move(state.resolve("identity.pem"), pending);
    Identity again = cloud.enrol(state, token);
    assertThat(again.appliance()).isEqualTo(first.appliance());
    assertThat(cloud.store.count()).isEqualTo(1);
  }

  @Test
  void anApplianceThatNeedsApprovalWaitsForIt() throws Exception {
    String token = cloud.token(Duration.ofHours(1), true);
    Path state = cloud.state("one");
    refused(() -> cloud.enrol(state, token), ErrorCode.LINK_REFUSED, "waits for approval");
    cloud.store.state(cloud.store.identities().getFirst(), FleetStore.State.ACTIVE);
    assertThat(cloud.enrol(state, token).appliance())
        .isEqualTo(cloud.store.identities().getFirst().appliance());
  }

  @Test
  void aCloudOfAnotherAuthorityIsNotTrusted() throws Exception {
    CertificateAuthority other =
        CaFolder.open(folder.resolve("other"), new SecureRandom(), cloud.clock);
    assertThat(other.root().getSubjectX500Principal())
        .isEqualTo(cloud.authority.root().getSubjectX500Principal());
    Path state = cloud.state("one");
    refused(
        () ->
            cloud
                .enrolment(state)
                .enrol(
                    cloud.url(),
                    IdentityStore.readCa(folder.resolve("other/link-ca.pem")),
                    "one",
                    cloud.token(Duration.ofHours(1), false)),
        ErrorCode.LINK_UNAVAILABLE,
        "no trusted connection");
  }

  @Test
  void aCloudUnderAnotherNameIsNotTrusted() throws Exception {
    LinkSettings d = LinkSettings.DEFAULT;
    LinkSettings elsewhere =
        new LinkSettings(
            java.util.List.of("cloud.example"),
            d.certificateLife(),
            d.renewableAfterExpiry(),
            d.longestHold(),
            d.sessionSlack(),
            d.recheck());
    try (LinkFixture renamed = new LinkFixture(folder.resolve("renamed"), elsewhere)) {
      Path state = renamed.state("one");
      refused(() -> renamed.enrolled(state), ErrorCode.LINK_UNAVAILABLE, "no trusted connection");
    }
  }

  @Test
  void aCertificateIsRenewedWithANewKeyForTheSameAppliance() throws Exception {
    Path state = cloud.state("one");
    Identity old = cloud.enrolled(state);
    Identity renewed = cloud.enrolment(state).renew(old);
    assertThat(renewed.appliance()).isEqualTo(old.appliance());
    assertThat(renewed.certificate().getPublicKey()).isNotEqualTo(old.certificate().getPublicKey());
    assertThat(new IdentityStore(state).identity().map(i -> i.certificate()))
        .isEqualTo(Optional.of(renewed.certificate()));
    try (ControlLink link = cloud.link(renewed, UUID.randomUUID())) {
      assertThat(link.renewLease(cloud.lease(0)).lease()).isEqualTo("lease-1");
    }
  }

  @Test
  void anApplianceThatWasOffForThirteenMonthsRenewsWithItsOldKey() throws Exception {
    Path state = cloud.state("one");
    Identity old = cloud.enrolled(state);
    cloud.ahead.set(Duration.ofDays(396));
    Identity renewed = cloud.enrolment(state).renew(old);
    assertThat(renewed.appliance()).isEqualTo(old.appliance());
    assertThat(renewed.expiredAt(cloud.now())).isFalse();
  }

  @Test
  void anExpiredCertificateIsRefusedByItsDate() throws Exception {
    Identity old = cloud.enrolled(cloud.state("one"));
    cloud.ahead.set(Duration.ofDays(2));
    try (ControlLink link = cloud.link(old, UUID.randomUUID())) {
      refused(() -> link.renewLease(cloud.lease(0)), ErrorCode.UNAUTHENTICATED, "expired at");
    }
  }

  @Test
  void anApplianceThatWasOffForTooLongMustEnrolAgain() throws Exception {
    Path state = cloud.state("one");
    Identity old = cloud.enrolled(state);
    cloud.ahead.set(Duration.ofDays(402));
    refused(
        () -> cloud.enrolment(state).renew(old),
        ErrorCode.UNAUTHENTICATED,
        "could be renewed until");
  }

  @Test
  void anOldKeyRenewsNothingOnceANewerOneIsInUse() throws Exception {
    Path state = cloud.state("one");
    Identity old = cloud.enrolled(state);
    Identity renewed = cloud.enrolment(state).renew(old);
    try (ControlLink link = cloud.link(renewed, UUID.randomUUID())) {
      link.renewLease(cloud.lease(0));
    }
    cloud.ahead.set(Duration.ofDays(2));
    refused(
        () -> cloud.enrolment(state).renew(old), ErrorCode.LINK_CLONE_DETECTED, "another holder");
  }

  @Test
  void aBannedApplianceIsRefusedWithTheReason() throws Exception {
    Path state = cloud.state("one");
    Identity identity = cloud.enrolled(state);
    cloud.store.state(LinkFixture.identity(identity), FleetStore.State.BANNED);
    try (ControlLink link = cloud.link(identity, UUID.randomUUID())) {
      refused(() -> link.renewLease(cloud.lease(0)), ErrorCode.FORBIDDEN, "is banned");
    }
    refused(() -> cloud.enrolment(state).renew(identity), ErrorCode.FORBIDDEN, "is banned");
  }

  @Test
  void aCertificateOfAnotherAuthorityOfTheSameNameIsRefusedInWords() throws Exception {
    try (LinkFixture other = new LinkFixture(folder.resolve("elsewhere"))) {
      Identity stranger = other.enrolled(other.state("one"));
      try (ControlLink link = cloud.link(stranger, UUID.randomUUID())) {
        refused(
            () -> link.renewLease(cloud.lease(0)),
            ErrorCode.UNAUTHENTICATED,
            "issued by another authority of the same name");
      }
    }
  }

  @Test
  void aCertificateThatIsNotOnRecordIsRefused() throws Exception {
    Identity enrolled = cloud.enrolled(cloud.state("one"));
    Identity offRecord =
        new Identity(
            enrolled.key(),
            cloud.authority.issueClient(
                LinkFixture.identity(enrolled),
                enrolled.certificate().getPublicKey(),
                Duration.ofHours(1)));
    try (ControlLink link = cloud.link(offRecord, UUID.randomUUID())) {
      refused(() -> link.renewLease(cloud.lease(0)), ErrorCode.UNAUTHENTICATED, "not on record");
    }
  }

  @Test
  void theAuthorityIsTheSameAfterARestart() {
    assertThat(CaFolder.open(folder.resolve("cloud"), new SecureRandom(), cloud.clock).root())
        .isEqualTo(cloud.authority.root());
  }

  @Test
  void aTakenPortIsSaidToBeTaken() {
    ServerKeys keys =
        new ServerKeys(
            cloud.authority, LinkSettings.DEFAULT.names(), new SecureRandom(), cloud.clock);
    EstRoutes est = new EstRoutes(cloud.authority, cloud.store, LinkSettings.DEFAULT, cloud.clock);
    StateRoutes none =
        new StateRoutes(
            est,
            cloud.store,
            (a, b) -> {
              throw new AssertionError();
            },
            (a, b, c) -> {
              throw new AssertionError();
            },
            cloud.changes,
            LinkSettings.DEFAULT,
            cloud.clock);
    int port = cloud.server.port();
    refused(
        () -> new LinkServer("127.0.0.1", port, keys, new LinkRoutes(est, none)).close(),
        ErrorCode.PORT_TAKEN,
        "the port is taken");
  }

  private static String rights(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  static void refused(ThrowingCallable call, ErrorCode code, String reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SendenseException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(reason);
  }
}
