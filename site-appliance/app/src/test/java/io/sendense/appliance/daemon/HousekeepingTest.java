package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.protocol.Health;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HousekeepingTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path folder;
  private Site site;
  private final List<String> done = new ArrayList<>();
  private boolean fails;
  private Housekeeping house;

  @BeforeEach
  void open() {
    site = new Site(folder);
    house = house(HouseRules.DEFAULT);
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void everyChoreIsDoneAtTheFirstStartAndThenAtItsInterval() {
    assertThat(house.runDue()).isTrue();
    assertThat(house.runDue()).isFalse();
    assertThat(done).containsExactly("LOOK 0", "COLLECT 0", "VERIFY 0");
    done.clear();
    tick(Duration.ofDays(2));
    assertThat(done.stream().filter(text -> text.startsWith("LOOK"))).hasSize(8);
    assertThat(done).contains("COLLECT 24", "VERIFY 24", "COLLECT 48", "VERIFY 48").hasSize(12);
  }

  @Test
  void whatFailedIsTriedAgainSoonerUntilItSucceeds() {
    fails = true;
    house.runDue();
    done.clear();
    tick(Duration.ofHours(3));
    assertThat(done.stream().filter(text -> text.startsWith("COLLECT")))
        .containsExactly("COLLECT 1", "COLLECT 2", "COLLECT 3");
    assertThat(done.stream().filter(text -> text.startsWith("LOOK"))).hasSize(12);
    fails = false;
    tick(HOUR);
    done.clear();
    tick(Duration.ofHours(5));
    assertThat(done).isEmpty();
  }

  @Test
  void whatARestartCutOffGoesOnAfterAWhileAndNotInACircle() {
    Housekeeping dying =
        new Housekeeping(
            site.database,
            List.of("main"),
            HouseRules.DEFAULT,
            (chore, repository) -> {
              throw new IllegalStateException("killed");
            },
            site.clock,
            JobPool.direct());
    try {
      dying.runDue();
    } catch (IllegalStateException killed) {
      assertThat(killed).hasMessage("killed");
    }
    site.restart();
    house = house(HouseRules.DEFAULT);
    house.runDue();
    assertThat(done).containsExactly("COLLECT 0", "VERIFY 0");
    tick(Duration.ofMinutes(15));
    assertThat(done).hasSize(3).last().asString().startsWith("LOOK");
  }

  @Test
  void whatWasMissedWhileTheApplianceWasOffIsDoneOnce() {
    house.runDue();
    done.clear();
    site.clock.advance(Duration.ofDays(10));
    site.restart();
    house = house(HouseRules.DEFAULT);
    tick(HOUR);
    assertThat(done).hasSize(3);
  }

  @Test
  void aClockSetBackCausesOneRoundAndThenTheUsualIntervals() {
    house.runDue();
    done.clear();
    site.clock.set(Site.START.minus(Duration.ofDays(3)));
    tick(Duration.ofHours(5));
    assertThat(done).hasSize(3);
  }

  @Test
  void whatIsSwitchedOffIsNeverDone() {
    house = house(new HouseRules(Duration.ZERO, Duration.ZERO, 30));
    tick(Duration.ofDays(2));
    assertThat(done).allMatch(text -> text.startsWith("LOOK"));
  }

  @Test
  void aChoreThatStillRunsKeepsTheOthersOfItsRepositoryWaiting() {
    List<Runnable> begun = new ArrayList<>();
    JobPool slow =
        new JobPool() {
          @Override
          public boolean begin(String key, java.util.Collection<String> needs, Runnable work) {
            assertThat(needs).containsExactly(JobLimits.HOUSE);
            begun.add(work);
            return true;
          }

          @Override
          public boolean busy(String key) {
            return !begun.isEmpty();
          }
        };
    house =
        new Housekeeping(
            site.database, List.of("main"), HouseRules.DEFAULT, this::note, site.clock, slow);
    house.runDue();
    tick(Duration.ofDays(3));
    assertThat(begun).hasSize(1);
  }

  @Test
  void whatIsWrongOutlivesARestartAndIsForgottenWithItsRepository() {
    site.troubles.raise("collect main", Health.Level.WARNING, "main could not be collected");
    site.troubles.raise("damage in old", Health.Level.FAILING, "old is damaged");
    site.restart();
    assertThat(site.troubles.all())
        .extracting(Troubles.Trouble::text)
        .containsExactly("old is damaged", "main could not be collected");

    site.troubles.keepOnly(List.of("main"));
    assertThat(site.troubles.all())
        .containsExactly(new Troubles.Trouble(Health.Level.WARNING, "main could not be collected"));
    site.troubles.clear("collect main");
    assertThat(site.troubles.all()).isEmpty();
  }

  private Housekeeping house(HouseRules rules) {
    return new Housekeeping(
        site.database, List.of("main"), rules, this::note, site.clock, JobPool.direct());
  }

  private boolean note(Chore chore, String repository) {
    assertThat(repository).isEqualTo("main");
    long hours = Duration.between(Site.START, site.clock.instant()).toHours();
    done.add(chore + " " + hours);
    return !fails;
  }

  private void tick(Duration time) {
    for (Duration passed = Duration.ZERO;
        passed.compareTo(time) < 0;
        passed = passed.plus(MINUTE)) {
      site.pass(MINUTE);
      house.runDue();
    }
  }
}
