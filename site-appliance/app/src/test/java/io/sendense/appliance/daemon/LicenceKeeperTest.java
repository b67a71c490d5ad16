package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.Edition;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.Stage;
import io.sendense.protocol.LeaseAnswer;
import io.sendense.protocol.LeaseRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LicenceKeeperTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Instant LEASE_END = Site.START.plus(Grants.LEASE);
  private static final Instant GRACE_END = LEASE_END.plus(Duration.ofDays(3));
  private static final Instant RESTRICTED_END = GRACE_END.plus(Duration.ofDays(14));

  @TempDir Path folder;
  private Site site;

  @BeforeEach
  void open() {
    site = new Site(folder);
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void withoutALicenceFiveMachinesMayBeProtected() {
    assertThat(site.licence.state().edition()).isEqualTo(Edition.COMMUNITY);
    assertThatCode(() -> newVm(4)).doesNotThrowAnyException();
    refused(() -> newVm(5), ErrorCode.LICENCE_LIMIT);
  }

  @Test
  void everyStageBeginsAtItsSecondAndNotBefore() {
    site.licence.accept(Grants.answer(1, Site.START, 25));
    assertThat(stageAt(LEASE_END.minus(SECOND))).isEqualTo(Stage.VALID);
    assertThat(stageAt(LEASE_END)).isEqualTo(Stage.GRACE);
    assertThat(stageAt(GRACE_END.minus(SECOND))).isEqualTo(Stage.GRACE);
    assertThat(stageAt(GRACE_END)).isEqualTo(Stage.RESTRICTED);
    assertThat(stageAt(RESTRICTED_END.minus(SECOND))).isEqualTo(Stage.RESTRICTED);
    assertThat(stageAt(RESTRICTED_END)).isEqualTo(Stage.SUSPENDED);
  }

  @Test
  void eachStageAllowsWhatItMust() {
    site.licence.accept(Grants.answer(1, Site.START, 25));
    stageAt(GRACE_END.minus(SECOND));
    assertThatCode(() -> newVm(1)).doesNotThrowAnyException();
    assertThatCode(this::knownVm).doesNotThrowAnyException();

    stageAt(RESTRICTED_END.minus(SECOND));
    refused(() -> newVm(1), ErrorCode.LICENCE_EXPIRED);
    assertThatCode(this::knownVm).doesNotThrowAnyException();

    stageAt(RESTRICTED_END);
    refused(() -> newVm(1), ErrorCode.LICENCE_EXPIRED);
    refused(this::knownVm, ErrorCode.LICENCE_EXPIRED);
  }

  @Test
  void eachStageWarnsBeforeItComes() {
    site.licence.accept(Grants.answer(1, Site.START, 25));
    for (Instant next : new Instant[] {LEASE_END, GRACE_END, RESTRICTED_END}) {
      stageAt(next.minus(SECOND));
      assertThat(site.licence.state().warnings()).isNotEmpty();
      assertThat(site.licence.state().nextStageAt()).contains(next);
    }
  }

  @Test
  void aRenewalMovesTheEndAndSuspensionIsOverAtOnce() {
    site.licence.accept(Grants.answer(1, Site.START, 25));
    assertThat(stageAt(RESTRICTED_END)).isEqualTo(Stage.SUSPENDED);
    site.licence.accept(Grants.answer(2, RESTRICTED_END, 25));
    assertThat(site.licence.state().stage()).isEqualTo(Stage.VALID);
    assertThat(site.licence.state().nextStageAt()).contains(RESTRICTED_END.plus(Grants.LEASE));
  }

  @Test
  void aRequestKeepsItsNonceOverARestartUntilItIsAnswered() {
    LeaseRequest first = site.licence.request();
    site.restart();
    assertThat(site.licence.request().nonce()).isEqualTo(first.nonce());
    assertThat(first.heldSequence()).isZero();
    site.licence.accept(Grants.answer(1, Site.START, 25));
    LeaseRequest second = site.licence.request();
    assertThat(second.nonce()).isNotEqualTo(first.nonce());
    assertThat(second.heldSequence()).isEqualTo(1);
  }

  @Test
  void aForgedAnswerChangesNothing() {
    site.licence.accept(Grants.answer(1, Site.START, 25));
    LeaseRequest request = site.licence.request();
    LeaseAnswer genuine = Grants.answer(2, Site.START.plus(SECOND), 1000);
    LeaseAnswer forged =
        new LeaseAnswer(
            genuine.licence(),
            genuine.lease().replace("\"payload\":\"", "\"payload\":\"e30"),
            genuine.serverTime());
    refused(() -> site.licence.accept(forged), ErrorCode.LICENCE_INVALID);
    assertThat(site.licence.request().nonce()).isEqualTo(request.nonce());
    assertThat(site.licence.state().limits().vms()).hasValue(25);
  }

  @Test
  void aClockSetBackGivesNoTimeBackNotEvenAfterARestart() {
    site.licence.accept(Grants.answer(1, Site.START, 25));
    assertThat(stageAt(LEASE_END.plus(SECOND))).isEqualTo(Stage.GRACE);
    site.clock.set(Site.START);
    assertThat(site.licence.state().stage()).isEqualTo(Stage.GRACE);
    site.restart();
    assertThat(site.licence.state().stage()).isEqualTo(Stage.GRACE);
    assertThat(site.licence.state().warnings())
        .anySatisfy(warning -> assertThat(warning.text()).contains("clock"));
  }

  @Test
  void aClockThatStandsStillGivesNoTimeEither() {
    site.licence.accept(Grants.answer(1, Site.START, 25));
    site.nanos.addAndGet(Grants.LEASE.toNanos());
    assertThat(site.licence.state().stage()).isEqualTo(Stage.GRACE);
  }

  @Test
  void aClockThatRanAheadAndWasSetRightIsForgivenByTheNextRenewal() {
    site.licence.accept(Grants.answer(1, Site.START, 25));
    assertThat(stageAt(RESTRICTED_END.plus(Duration.ofDays(300)))).isEqualTo(Stage.SUSPENDED);
    Instant right = Site.START.plus(Duration.ofMinutes(5));
    site.clock.set(right);
    assertThat(site.licence.state().stage()).isEqualTo(Stage.SUSPENDED);
    site.licence.accept(Grants.answer(2, right, 25));
    assertThat(site.licence.state().stage()).isEqualTo(Stage.VALID);
    site.restart();
    assertThat(site.licence.state().stage()).isEqualTo(Stage.VALID);
  }

  @Test
  void anOldLeaseThatIsPlayedAgainForgivesNothing() {
    LeaseAnswer old = Grants.answer(1, Site.START, 25);
    site.licence.accept(old);
    assertThat(stageAt(RESTRICTED_END)).isEqualTo(Stage.SUSPENDED);
    site.clock.set(Site.START);
    site.licence.accept(old);
    assertThat(site.licence.state().stage()).isEqualTo(Stage.SUSPENDED);
  }

  @Test
  void aClockFarFromTheCloudsIsSaid() {
    site.clock.set(Site.START.plus(Duration.ofHours(2)));
    site.licence.accept(Grants.answer(1, Site.START, 25));
    assertThat(site.said()).contains("set the clock right");
  }

  @Test
  void aKeyIsReplacedWithoutAnybodyTouchingTheAppliance() {
    LeaseAnswer first = Grants.answer(1, Site.START, 25);
    site.licence.accept(Grants.publishing(first, Site.START));
    assertThat(site.licence.request().trusted()).hasSize(2);
    site.restart();
    site.licence.accept(
        Grants.withdrawing(
            Grants.nextAnswer(2, Site.START.plus(SECOND), 30), Site.START.plus(SECOND)));
    assertThat(site.licence.request().trusted())
        .isEqualTo(List.copyOf(Grants.nextTrust().keyIds()));
    site.restart();
    assertThat(site.licence.state().limits().vms()).hasValue(30);
    refused(
        () -> site.licence.accept(Grants.answer(3, Site.START.plus(SECOND), 99)),
        ErrorCode.LICENCE_INVALID);
  }

  @Test
  void keysThatAreSignedByNobodyTrustedOrLongAgoChangeNothing() {
    LeaseAnswer first = Grants.answer(1, Site.START, 25);
    site.licence.accept(Grants.withdrawing(first, Site.START));
    assertThat(site.licence.request().trusted()).isEqualTo(List.copyOf(Grants.trust().keyIds()));
    assertThat(site.said()).contains("new licence keys are not believed");
    LeaseAnswer both = Grants.publishing(first, Site.START);
    site.licence.accept(both);
    site.licence.accept(
        Grants.withdrawing(
            Grants.nextAnswer(2, Site.START.plus(SECOND), 30), Site.START.plus(SECOND)));
    // Sent again, the older update is signed by a key that is not trusted any more.
    refused(() -> site.licence.accept(both), ErrorCode.LICENCE_INVALID);
    assertThat(site.licence.request().trusted())
        .isEqualTo(List.copyOf(Grants.nextTrust().keyIds()));
  }

  private Stage stageAt(Instant time) {
    site.pass(Duration.between(site.clock.instant(), time));
    return site.licence.state().stage();
  }

  private void newVm(int protectedNow) {
    Set<String> names =
        java.util.stream.IntStream.range(0, protectedNow)
            .mapToObj(i -> "vm" + i)
            .collect(java.util.stream.Collectors.toSet());
    site.licence.checkNewPoint("another", names);
  }

  private void knownVm() {
    site.licence.checkNewPoint("vm0", Set.of("vm0"));
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SendenseException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
