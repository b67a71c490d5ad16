package io.sendense.licensing.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.Edition;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LicenceStateTest {
  private static final Set<Operation> ALWAYS =
      EnumSet.of(
          Operation.RESTORE,
          Operation.FILE_RECOVERY,
          Operation.EXPORT,
          Operation.FAILOVER,
          Operation.VERIFY);
  private static final Instant LEASE_END = Grants.FROM.plus(Duration.ofDays(7));
  private static final long SECONDS_OF_TWO_YEARS = 2 * 366 * 86_400L;

  @Test
  void stagesFollowTheDatesToTheSecond() {
    assertThat(stage(LEASE_END.minusSeconds(1))).isEqualTo(Stage.VALID);
    assertThat(stage(LEASE_END)).isEqualTo(Stage.GRACE);
    Instant restricted = LEASE_END.plus(Duration.ofDays(3));
    assertThat(stage(restricted.minusSeconds(1))).isEqualTo(Stage.GRACE);
    assertThat(stage(restricted)).isEqualTo(Stage.RESTRICTED);
    Instant suspended = restricted.plus(Duration.ofDays(14));
    assertThat(stage(suspended.minusSeconds(1))).isEqualTo(Stage.RESTRICTED);
    assertThat(stage(suspended)).isEqualTo(Stage.SUSPENDED);
  }

  @Test
  void whatEachStageAllowsIsExactlyThePromise() {
    Map<Stage, Set<Operation>> denied =
        Map.of(
            Stage.VALID, Set.of(),
            Stage.GRACE, Set.of(),
            Stage.RESTRICTED, Set.of(Operation.NEW_VM, Operation.NEW_FLOW),
            Stage.SUSPENDED, Set.of(Operation.NEW_VM, Operation.NEW_FLOW, Operation.NEW_POINT));
    Map<Stage, Instant> at =
        Map.of(
            Stage.VALID,
            Grants.FROM,
            Stage.GRACE,
            LEASE_END,
            Stage.RESTRICTED,
            LEASE_END.plus(Duration.ofDays(3)),
            Stage.SUSPENDED,
            LEASE_END.plus(Duration.ofDays(17)));
    at.forEach(
        (stage, when) -> {
          for (Operation operation : Operation.values()) {
            assertThat(state(when).allows(operation).isAllowed())
                .as("%s in %s", operation, stage)
                .isEqualTo(!denied.getOrDefault(stage, Set.of()).contains(operation));
          }
        });
  }

  @Test
  void suspendedStateSaysWhyAndWhatToDo() {
    LicenceState suspended = state(LEASE_END.plus(Duration.ofDays(17)));
    assertThatThrownBy(() -> suspended.allows(Operation.NEW_POINT).orThrow())
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.LICENCE_EXPIRED);
              assertThat(e.remedy()).contains("Renew").contains("Restore");
            });
  }

  @Test
  void licenceEndCountsEvenUnderALongerLease() {
    Lease late = Grants.lease(60, Grants.TO.minus(Duration.ofDays(2)));
    assertThat(state(Optional.of(late), Grants.TO).stage()).isEqualTo(Stage.GRACE);
  }

  @Test
  void licenceAloneIsEnoughForItsOfflineTime() {
    assertThat(state(Optional.empty(), LEASE_END.minusSeconds(1)).stage()).isEqualTo(Stage.VALID);
    assertThat(state(Optional.empty(), LEASE_END).stage()).isEqualTo(Stage.GRACE);
  }

  @Test
  void leaseOfAnotherLicenceCountsForNothing() {
    Lease other =
        new Lease(
            new io.sendense.domain.LicenceId(Grants.MSP.value()),
            Grants.APPLIANCE,
            1,
            LEASE_END,
            LEASE_END,
            LEASE_END.plus(Duration.ofDays(30)));
    assertThat(state(Optional.of(other), LEASE_END).stage()).isEqualTo(Stage.GRACE);
  }

  @Test
  void withoutALicenceFiveVmsOnLocalStorageAreFree() {
    LicenceState community =
        LicenceState.at(
            Optional.empty(), Optional.empty(), Grants.FROM, ClockFloor.initial(Grants.FROM));
    assertThat(community.edition()).isEqualTo(Edition.COMMUNITY);
    assertThat(community.allowsNewVm(4).isAllowed()).isTrue();
    assertThat(community.allowsNewVm(5))
        .isInstanceOfSatisfying(
            Decision.Denied.class,
            denied -> assertThat(denied.code()).isEqualTo(ErrorCode.LICENCE_LIMIT));
    assertThat(community.includes(Feature.LOCAL_STORAGE).isAllowed()).isTrue();
    assertThat(community.includes(Feature.OBJECT_STORAGE).isAllowed()).isFalse();
    assertThat(community.includes(Feature.ENCRYPTION).isAllowed()).isTrue();
    assertThat(community.allows(Operation.NEW_POINT).isAllowed()).isTrue();
  }

  @Test
  void licenceThatBeginsLaterLeavesTheCommunityEditionUntilThen() {
    LicenceState early = state(Optional.empty(), Grants.FROM);
    assertThat(early.edition()).isEqualTo(Edition.ENTERPRISE);
    Licence later =
        new Licence(
            Grants.LICENCE,
            Grants.MSP,
            Grants.CUSTOMER,
            Optional.empty(),
            Edition.BACKUP,
            Set.of(),
            Limits.NONE,
            Grants.FROM,
            Grants.FROM.plus(Duration.ofDays(10)),
            Grants.TO,
            Licence.DEFAULT_GRACE,
            Licence.DEFAULT_RESTRICTED,
            Licence.DEFAULT_OFFLINE,
            HardwareBinding.NONE,
            0);
    LicenceState before =
        LicenceState.at(
            Optional.of(later), Optional.empty(), Grants.FROM, ClockFloor.initial(Grants.FROM));
    assertThat(before.edition()).isEqualTo(Edition.COMMUNITY);
    assertThat(before.warnings()).extracting(Warning::kind).contains(Warning.Kind.NOT_YET_VALID);
  }

  @Test
  void featuresAreTheEditionsAndWhatWasBoughtBeyond() {
    LicenceState state = state(Grants.FROM);
    assertThat(state.includes(Feature.CROSS_PLATFORM_RESTORE).isAllowed()).isTrue();
    assertThat(state.includes(Feature.TEST_FAILOVER).isAllowed()).isTrue();
    assertThat(state.includes(Feature.FAILBACK).isAllowed()).isFalse();
    assertThat(state.allowsStorage(10_000_000_000_000L).isAllowed()).isTrue();
    assertThat(state.allowsStorage(10_000_000_000_001L).isAllowed()).isFalse();
  }

  @Test
  void clockSetBackRevivesNothingAndIsSaid() {
    Instant suspended = LEASE_END.plus(Duration.ofDays(17));
    ClockFloor floor = ClockFloor.initial(Grants.FROM).seen(suspended, Duration.ZERO);
    LicenceState back =
        LicenceState.at(
            Optional.of(Grants.licence()),
            Optional.of(Grants.lease(1, Grants.FROM)),
            Grants.FROM,
            floor);
    assertThat(back.stage()).isEqualTo(Stage.SUSPENDED);
    assertThat(back.warnings())
        .extracting(Warning::kind)
        .contains(Warning.Kind.CLOCK_ROLLED_BACK, Warning.Kind.SUSPENDED);
    assertThat(back.allows(Operation.RESTORE).isAllowed()).isTrue();
  }

  @Test
  void aFrozenClockDoesNotHoldTimeStill() {
    ClockFloor floor = ClockFloor.initial(Grants.FROM);
    for (int hour = 0; hour < 24 * 30; hour++) {
      floor = floor.seen(Grants.FROM, Duration.ofHours(1));
    }
    assertThat(floor.lastSeen()).isEqualTo(Grants.FROM.plus(Duration.ofDays(30)));
  }

  @Test
  void onlyARenewalLowersAFloorThatAClockInTheFutureHadRaised() {
    ClockFloor future =
        ClockFloor.initial(Grants.FROM).seen(Grants.TO.plusSeconds(5), Duration.ZERO);
    Lease held = Grants.lease(4, Grants.FROM);
    Lease renewal = Grants.lease(5, Grants.FROM.plus(Duration.ofDays(1)));
    assertThat(future.confirmedBy(Optional.of(held), renewal).lastSeen())
        .isEqualTo(renewal.issuedAt());
    assertThat(future.confirmedBy(Optional.of(renewal), held)).isEqualTo(future);
    assertThat(future.confirmedBy(Optional.of(held), held)).isEqualTo(future);
    assertThat(future.confirmedBy(Optional.empty(), renewal)).isEqualTo(future);
  }

  @Property(tries = 2000)
  void restoreIsNeverRefusedWhateverHappened(
      @ForAll("situations") Situation situation, @ForAll("offsets") long now) {
    LicenceState state = situation.at(Grants.FROM.plusSeconds(now));
    for (Operation operation : ALWAYS) {
      assertThat(state.allows(operation).isAllowed()).isTrue();
    }
  }

  @Property(tries = 2000)
  void timeOnlyEverTakesAway(
      @ForAll("situations") Situation situation,
      @ForAll("offsets") long now,
      @ForAll @LongRange(min = 0, max = 40_000_000) long later) {
    Instant first = Grants.FROM.plusSeconds(now);
    LicenceState before = situation.at(first);
    LicenceState after = situation.at(first.plusSeconds(later));
    if (before.edition() == after.edition()) {
      assertThat(after.stage()).isGreaterThanOrEqualTo(before.stage());
    }
  }

  @Property(tries = 2000)
  void noClockBelowTheFloorIsBetterThanTheFloor(
      @ForAll("situations") Situation situation, @ForAll("offsets") long now) {
    Instant clock = Grants.FROM.plusSeconds(now);
    Instant floor = situation.floor().lastSeen();
    if (clock.isBefore(floor)) {
      assertThat(situation.at(clock).stage()).isEqualTo(situation.at(floor).stage());
      assertThat(situation.at(clock).allows(Operation.NEW_POINT))
          .isEqualTo(situation.at(floor).allows(Operation.NEW_POINT));
    }
  }

  @Property(tries = 2000)
  void everyStageIsAnnouncedAnHourBeforeItComes(@ForAll("situations") Situation situation) {
    LicenceState state = situation.at(Grants.FROM);
    for (int step = 0; step < 4 && state.nextStageAt().isPresent(); step++) {
      Instant next = state.nextStageAt().get();
      LicenceState before = situation.at(next.minus(Duration.ofHours(1)));
      if (before.nextStageAt().equals(Optional.of(next))) {
        assertThat(before.warnings())
            .anySatisfy(warning -> assertThat(warning.text()).contains(next.toString()));
      }
      state = situation.at(next);
    }
  }

  @Provide
  Arbitrary<Long> offsets() {
    return Arbitraries.longs().between(-SECONDS_OF_TWO_YEARS, SECONDS_OF_TWO_YEARS);
  }

  @Provide
  Arbitrary<Situation> situations() {
    Arbitrary<Optional<Lease>> leases =
        Combinators.combine(
                Arbitraries.longs().between(1, 1000),
                Arbitraries.longs().between(0, SECONDS_OF_TWO_YEARS))
            .as((sequence, from) -> Grants.lease(sequence, Grants.FROM.plusSeconds(from)))
            .optional();
    Arbitrary<Optional<Licence>> licences =
        Arbitraries.of(Optional.of(Grants.licence()), Optional.empty());
    return Combinators.combine(licences, leases, offsets())
        .as(
            (licence, lease, floor) ->
                new Situation(licence, lease, new ClockFloor(Grants.FROM.plusSeconds(floor))));
  }

  record Situation(Optional<Licence> licence, Optional<Lease> lease, ClockFloor floor) {
    LicenceState at(Instant now) {
      return LicenceState.at(licence, lease, now, floor);
    }
  }

  private static Stage stage(Instant now) {
    return state(now).stage();
  }

  private static LicenceState state(Instant now) {
    return state(Optional.of(Grants.lease(1, Grants.FROM)), now);
  }

  private static LicenceState state(Optional<Lease> lease, Instant now) {
    return LicenceState.at(
        Optional.of(Grants.licence()), lease, now, ClockFloor.initial(Grants.FROM));
  }
}
