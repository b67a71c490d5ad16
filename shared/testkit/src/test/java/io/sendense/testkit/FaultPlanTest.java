package io.sendense.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
  @Test
  void aFaultStrikesAtItsArrivalOnly() {
    FaultPlan plan =
        new FaultPlan()
            .failAt("sealed", 2, () -> new UncheckedIOException(new IOException("disk gone")));

    plan.reach("sealed");
    assertThatThrownBy(() -> plan.reach("sealed")).hasMessageContaining("disk gone");
    plan.reach("sealed");

    plan.assertAllReached();
    assertThat(plan.arrivals("sealed")).isEqualTo(3);
  }

  @Test
  void aPlannedFaultThatNeverStruckFailsTheTest() {
    FaultPlan plan = new FaultPlan().failAt("sealed", 1, IllegalStateException::new);

    assertThatThrownBy(plan::assertAllReached)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("sealed #1");
  }

  @Test
  void aManualClockMovesOnlyWhenTold() {
    ManualClock clock = new ManualClock(Instant.EPOCH);

    assertThat(clock.advance(Duration.ofHours(-1))).isEqualTo(clock.instant());
    assertThat(clock.instant()).isEqualTo(Instant.parse("1969-12-31T23:00:00Z"));
  }
}
