package io.sendense.cloud.licensing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.fleet.LeasePort;
import io.sendense.cloud.metering.MoneyFixture;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.ClockFloor;
import io.sendense.licensing.grant.HardwareFacts;
import io.sendense.licensing.grant.Lease;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.LicenceState;
import io.sendense.licensing.grant.LicenceVerifier;
import io.sendense.licensing.grant.Stage;
import io.sendense.licensing.issuer.FileKeyCustody;
import io.sendense.licensing.issuer.GrantIssuer;
import io.sendense.protocol.LeaseRequest;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
            money.tx, issuer, new LicensingSettings("", Duration.ofDays(7)), money.clock);
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
    var unused =
        money.tx.run(
            Scope.customer(identity.msp(), identity.customer()),
            dsl -> {
              CustomerRef customer = Customers.require(dsl, identity.customer());
              Licence licence = wanted.checked(customer, money.clock.instant());
              return LicenceStore.replace(dsl, licence, issuer.sign(licence));
            });
  }

  private LeaseRequest request(UUID nonce, long held) {
    return new LeaseRequest(nonce, held, money.clock.instant(), List.of());
  }
}
