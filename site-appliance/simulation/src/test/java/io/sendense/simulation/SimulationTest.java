package io.sendense.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run; {@code ./sendense soak simulate} is the long one. */
@Tag("exhaustive")
class SimulationTest {
  private static final int SEEDS = 8;

  @TempDir Path folder;

  @Test
  void noSeedLosesAPointAndEachKindOfFaultIsReached() {
    Simulation simulation = new Simulation(folder, "this one", System.out);
    for (long seed = 1; seed <= SEEDS; seed++) {
      simulation.seed(seed, 40);
    }
    assertThat(simulation.failed()).isEmpty();
    assertThat(simulation.missed(Simulation.COMMON, 1)).isEmpty();
  }
}
