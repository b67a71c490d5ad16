package io.sendense.cloud.licensing;

import static io.sendense.cloud.db.fleet.Tables.APPLIANCE;
import static io.sendense.cloud.db.licensing.Tables.LICENCE;
import static io.sendense.cloud.db.tenancy.Tables.SITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.fleet.LeasePort;
import io.sendense.cloud.metering.MoneyFixture;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.ClockFloor;
import io.sendense.licensing.grant.HardwareBinding;
import io.sendense.licensing.grant.HardwareFacts;
import io.sendense.licensing.grant.Lease;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.LicenceState;
import io.sendense.licensing.grant.LicenceVerifier;
import io.sendense.licensing.grant.Stage;
import io.sendense.licensing.grant.TrustSet;
import io.sendense.licensing.grant.TrustUpdate;
import io.sendense.licensing.grant.Verdict;
import io.sendense.licensing.issuer.FileKeyCustody;
import io.sendense.licensing.issuer.GrantIssuer;
import io.sendense.protocol.LeaseAnswer;
import io.sendense.protocol.LeaseRequest;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeaseServiceTest {
  private MoneyFixture money;
  private FileKeyCustody keys;
  private GrantIssuer issuer;
  private LeaseService leases;

  @BeforeAll
  void start(@TempDir Path folder) {
    money = new MoneyFixture();
    keys = FileKeyCustody.open(folder.resolve("keys"), new char[0], new SecureRandom());
    issuer = new GrantIssuer(keys);
    leases =
        new LeaseService(
            money.tx,
            new LicenceActs(issuer, money.audit, money.changes),
            new TrustUpdates(issuer),
            issuer,
            new LicensingSettings("", Duration.ofDays(7)),
            money.clock);
  }

  @AfterAll
  void stop() {
    money.close();
  }

  @Test
  void applianceOfALicensedCustomerGetsWhatItCanVerify() {
    ApplianceIdentity identity = licensed("licensed");
    LeasePort.Issued issued = leases.issue(identity, request(UUID.randomUUID(), 0));
    LicenceVerifier verifier =
        new LicenceVerifier(keys.published(), identity.customer(), identity.appliance());
    Instant now = money.clock.instant();
    Licence licence =
        verifier.verifyLicence(issued.answer().licence(), HardwareFacts.NONE, now).genuineOrThrow();
    Lease lease = verifier.verifyLease(issued.answer().lease(), licence, now).genuineOrThrow();
    assertThat(lease.sequence()).isEqualTo(1).isEqualTo(issued.sequence());
    LicenceState state =
        LicenceState.at(Optional.of(licence), Optional.of(lease), now, new ClockFloor(now));
    assertThat(state.stage()).isEqualTo(Stage.VALID);
    assertThat(state.allowsNewVm(9).isAllowed()).isTrue();
    assertThat(state.allowsNewVm(10).isAllowed()).isFalse();
  }

  @Test
  void eachRenewalCountsUpAndARepeatedRequestDoesNot() {
    ApplianceIdentity identity = licensed("renewed");
    UUID nonce = UUID.randomUUID();
    LeasePort.Issued first = leases.issue(identity, request(nonce, 0));
    LeasePort.Issued repeated = leases.issue(identity, request(nonce, 0));
    assertThat(repeated.sequence()).isEqualTo(1);
    assertThat(repeated.answer().lease()).isEqualTo(first.answer().lease());
    assertThat(leases.issue(identity, request(UUID.randomUUID(), 1)).sequence()).isEqualTo(2);
    ApplianceIdentity second = MoneyFixture.appliance(identity.msp(), identity.customer());
    assertThat(leases.issue(second, request(UUID.randomUUID(), 0)).sequence()).isEqualTo(1);
  }

  @Test
  void newLicenceReplacesTheOneBefore() {
    ApplianceIdentity identity = licensed("replaced");
    UUID nonce = UUID.randomUUID();
    LeasePort.Issued before = leases.issue(identity, request(nonce, 0));
    issue(identity, 20L);
    LeasePort.Issued after = leases.issue(identity, request(nonce, 0));
    assertThat(after.answer().licence()).isNotEqualTo(before.answer().licence());
    assertThat(after.sequence()).isEqualTo(2);
  }

  @Test
  void customerWithoutALicenceIsTold() {
    ApplianceIdentity identity = money.tenant("none", "UTC");
    assertThatThrownBy(() -> leases.issue(identity, request(UUID.randomUUID(), 0)))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.LICENCE_INVALID));
  }

  @Test
  void everythingThatIsWrongWithARequestedLicenceIsListed() {
    ApplianceIdentity identity = money.tenant("wrong", "UTC");
    Instant past = MoneyFixture.START.minus(Duration.ofDays(1));
    assertThatThrownBy(() -> issue(identity, new NewLicence("platinum", 0L, -1L, null, past)))
        .hasMessageContaining("5");
    assertThatThrownBy(
            () ->
                issue(
                    identity,
                    new NewLicence(
                        "trial", 6L, null, null, MoneyFixture.START.plus(Duration.ofDays(31)))))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void aLicenceThatRenewsItselfDoesSoOnceForTwoAppliancesAtTheSameTime() throws Exception {
    ApplianceIdentity one = money.tenant("renews itself", "Europe/London");
    ApplianceIdentity two = MoneyFixture.appliance(one.msp(), one.customer());
    Instant end = MoneyFixture.START.plus(Duration.ofDays(10));
    put(one, new NewLicence("backup", 10L, null, null, end), new Renewal(1, end));
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = executor.submit(() -> leases.issue(one, request(UUID.randomUUID(), 0)));
      var second = executor.submit(() -> leases.issue(two, request(UUID.randomUUID(), 0)));
      assertThat(first.get().answer().licence()).isEqualTo(second.get().answer().licence());
    }
    List<LicenceRecord> all = licences(one);
    assertThat(all).hasSize(2);
    LicenceRecord renewed = inForce(one);
    assertThat(renewed.getCause()).isEqualTo("renew");
    assertThat(renewed.getValidTo().toInstant())
        .isEqualTo(end.atZone(ZoneId.of("Europe/London")).plusMonths(1).toInstant());
    var unused = leases.issue(one, request(UUID.randomUUID(), 1));
    assertThat(licences(one)).hasSize(2);
  }

  @Test
  void whatIsSuspendedOrRevokedIsNeitherLeasedNorRenewed() {
    ApplianceIdentity identity = money.tenant("stopped", "UTC");
    Instant end = MoneyFixture.START.plus(Duration.ofDays(10));
    put(identity, new NewLicence("backup", 10L, null, null, end), new Renewal(1, end));
    edit(
        identity,
        row -> {
          row.setSuspendedAt(money.clock.instant().atOffset(ZoneOffset.UTC));
          row.setSuspendReason("unpaid");
        });
    refused(identity, List.of(), ErrorCode.LICENCE_EXPIRED, "is suspended: unpaid");
    assertThat(licences(identity)).hasSize(1);
    edit(
        identity,
        row -> {
          row.setSuspendedAt(null);
          row.setSuspendReason(null);
        });
    assertThat(leases.issue(identity, request(UUID.randomUUID(), 0)).sequence()).isEqualTo(1);
    edit(identity, row -> row.setRevokedAt(money.clock.instant().atOffset(ZoneOffset.UTC)));
    refused(identity, List.of(), ErrorCode.LICENCE_EXPIRED, "was revoked");
  }

  @Test
  void aBoundLicenceHoldsWhileMoreThanHalfOfItsHardwareIsFound() {
    ApplianceIdentity identity = enrolled("bound");
    Instant end = MoneyFixture.START.plus(Duration.ofDays(100));
    put(
        identity,
        new NewLicence(
            "backup", 10L, null, null, end, identity.appliance().toString(), true, 1L, null),
        null);
    LeasePort.Issued bound =
        leases.issue(identity, request(UUID.randomUUID(), 0, digests("u", "b", "m", "d")));
    Licence licence =
        new LicenceVerifier(keys.published(), identity.customer(), identity.appliance())
            .verifyLicence(
                bound.answer().licence(),
                new HardwareFacts(Map.of("uuid", "u", "board", "b", "mac", "m")),
                money.clock.instant())
            .genuineOrThrow();
    assertThat(licence.hardware().hashByKind()).hasSize(4);
    var newCard =
        leases.issue(identity, request(UUID.randomUUID(), 1, digests("u", "b", "x", "d")));
    assertThat(newCard.sequence()).isEqualTo(2);
    refused(identity, digests("u", "b", "x", "y"), ErrorCode.LICENCE_INVALID, "other hardware");
    refused(identity, List.of(), ErrorCode.LICENCE_INVALID, "other hardware");
    ApplianceIdentity other = MoneyFixture.appliance(identity.msp(), identity.customer());
    refused(other, digests("u", "b", "m", "d"), ErrorCode.LICENCE_INVALID, "is for appliance");
  }

  @Test
  void anApplianceIsServedByAKeyThatItBelievesUntilItBelievesTheNewOne(@TempDir Path folder) {
    FileKeyCustody rotated =
        FileKeyCustody.open(folder.resolve("rotated"), new char[0], new SecureRandom());
    GrantIssuer by = new GrantIssuer(rotated);
    LeaseService service =
        new LeaseService(
            money.tx,
            new LicenceActs(by, money.audit, money.changes),
            new TrustUpdates(by),
            by,
            new LicensingSettings("", Duration.ofDays(7)),
            money.clock);
    ApplianceIdentity identity = money.tenant("rotated", "UTC");
    String old = rotated.currentKeyId();
    put(identity, by, yearly(), null);
    TrustSet pinned = rotated.published();
    String fresh = rotated.generate();
    rotated.promote(fresh);
    LeaseAnswer first = service.issue(identity, trusting(0, old)).answer();
    LicenceVerifier before = new LicenceVerifier(pinned, identity.customer(), identity.appliance());
    Instant now = money.clock.instant();
    Licence licence =
        before.verifyLicence(first.licence(), HardwareFacts.NONE, now).genuineOrThrow();
    assertThat(before.verifyLease(first.lease(), licence, now)).isInstanceOf(Verdict.Valid.class);
    TrustUpdate told = before.verifyTrust(first.trust().orElseThrow()).genuineOrThrow();
    assertThat(told.keys().keyIds()).containsExactlyInAnyOrder(old, fresh);
    LeaseAnswer second = service.issue(identity, trusting(1, old, fresh)).answer();
    assertThat(second.trust()).isEmpty();
    rotated.withdraw(old);
    LicenceVerifier after =
        new LicenceVerifier(rotated.published(), identity.customer(), identity.appliance());
    Licence again = after.verifyLicence(second.licence(), HardwareFacts.NONE, now).genuineOrThrow();
    assertThat(again).as("signed anew, the same licence").isEqualTo(licence);
    assertThat(after.verifyLease(second.lease(), again, now)).isInstanceOf(Verdict.Valid.class);
  }

  private static NewLicence yearly() {
    return new NewLicence("backup", 10L, null, null, MoneyFixture.START.plus(Duration.ofDays(365)));
  }

  private LeaseRequest trusting(long held, String... keys) {
    return new LeaseRequest(
        UUID.randomUUID(), held, money.clock.instant(), List.of(), List.of(keys));
  }

  private static List<String> digests(String uuid, String board, String mac, String disk) {
    return HardwareBinding.to(
            new HardwareFacts(Map.of("uuid", uuid, "board", board, "mac", mac, "disk", disk)))
        .digests();
  }

  private void refused(
      ApplianceIdentity identity, List<String> hardware, ErrorCode code, String said) {
    assertThatThrownBy(() -> leases.issue(identity, request(UUID.randomUUID(), 1, hardware)))
        .isInstanceOfSatisfying(SendenseException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(said);
  }

  private ApplianceIdentity enrolled(String name) {
    ApplianceIdentity identity = money.tenant(name, "UTC");
    UUID site = UUID.randomUUID();
    int unused =
        money.tx.run(
            Scope.customer(identity.msp(), identity.customer()),
            dsl ->
                dsl.insertInto(SITE)
                        .set(SITE.MSP_ID, identity.msp().value())
                        .set(SITE.CUSTOMER_ID, identity.customer().value())
                        .set(SITE.SITE_ID, site)
                        .set(SITE.NAME, "Main")
                        .set(SITE.CREATED_AT, money.clock.instant().atOffset(ZoneOffset.UTC))
                        .execute()
                    + dsl.insertInto(APPLIANCE)
                        .set(APPLIANCE.MSP_ID, identity.msp().value())
                        .set(APPLIANCE.CUSTOMER_ID, identity.customer().value())
                        .set(APPLIANCE.APPLIANCE_ID, identity.appliance().value())
                        .set(APPLIANCE.SITE_ID, site)
                        .set(APPLIANCE.NAME, "box")
                        .set(APPLIANCE.STATE, "active")
                        .set(APPLIANCE.ENROLLED_AT, money.clock.instant().atOffset(ZoneOffset.UTC))
                        .execute());
    return identity;
  }

  private List<LicenceRecord> licences(ApplianceIdentity identity) {
    return money.tx.run(
        Scope.customer(identity.msp(), identity.customer()),
        dsl -> List.copyOf(dsl.selectFrom(LICENCE).fetch()));
  }

  private LicenceRecord inForce(ApplianceIdentity identity) {
    return licences(identity).stream()
        .filter(row -> row.getReplacedAt() == null)
        .findFirst()
        .orElseThrow();
  }

  private void edit(ApplianceIdentity identity, Consumer<LicenceRecord> change) {
    int unused =
        money.tx.run(
            Scope.customer(identity.msp(), identity.customer()),
            dsl -> {
              LicenceRecord row =
                  LicenceStore.locked(dsl, Customers.require(dsl, identity.customer()))
                      .orElseThrow();
              change.accept(row);
              return row.update();
            });
  }

  private ApplianceIdentity licensed(String name) {
    ApplianceIdentity identity = money.tenant(name, "UTC");
    issue(identity, 10L);
    return identity;
  }

  private void issue(ApplianceIdentity identity, long vms) {
    issue(
        identity,
        new NewLicence("backup", vms, null, null, MoneyFixture.START.plus(Duration.ofDays(365))));
  }

  private void issue(ApplianceIdentity identity, NewLicence wanted) {
    put(identity, wanted, null);
  }

  private void put(ApplianceIdentity identity, NewLicence wanted, @Nullable Renewal renewal) {
    put(identity, issuer, wanted, renewal);
  }

  private void put(
      ApplianceIdentity identity, GrantIssuer by, NewLicence wanted, @Nullable Renewal renewal) {
    var unused =
        money.tx.run(
            Scope.customer(identity.msp(), identity.customer()),
            dsl -> {
              CustomerRef customer = Customers.require(dsl, identity.customer());
              Licence licence = wanted.checked(customer, money.clock.instant());
              return LicenceStore.replace(
                  dsl,
                  licence,
                  by.sign(licence),
                  new Circumstances("issue", wanted.binds(), Optional.ofNullable(renewal)));
            });
  }

  private LeaseRequest request(UUID nonce, long held) {
    return request(nonce, held, List.of());
  }

  private LeaseRequest request(UUID nonce, long held, List<String> hardware) {
    return new LeaseRequest(nonce, held, money.clock.instant(), hardware);
  }
}
