package io.sendense.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class MemorySamplesTest {
  private static final long MIB = 1 << 20;
  private static final int HOUR = 3600;

  @Test
  void steadyGrowthIsItsSlopeAndCountsFromTheWarmUpOn() {
    MemorySamples samples = new MemorySamples(HOUR);
    for (int second = 0; second < HOUR; second += 5) {
      samples.add(second, 100 * MIB + second * MIB / 60);
    }
    assertThat(samples.slope()).isCloseTo(60, within(0.1));
    assertThat(samples.growth()).isCloseTo(50, within(0.1));
  }

  @Test
  void whatGrowsWhileItWarmsUpDoesNotCount() {
    MemorySamples samples = new MemorySamples(HOUR);
    for (int second = 0; second < HOUR; second += 5) {
      samples.add(second, Math.min(second, 600) * MIB);
    }
    assertThat(samples.slope()).isCloseTo(0, within(0.01));
  }

  @Test
  void aSawThatComesBackIsFlat() {
    MemorySamples samples = new MemorySamples(HOUR);
    for (int second = 0; second < HOUR; second += 5) {
      samples.add(second, (300 + second % 100) * MIB);
    }
    assertThat(samples.growth()).isCloseTo(0, within(5.0));
  }

  @Test
  void aWindowTellsItsLeastMedianAndMost() {
    MemorySamples samples = new MemorySamples(HOUR);
    samples.add(600, 200 * MIB);
    samples.add(700, 220 * MIB);
    samples.add(1199, 290 * MIB);
    assertThat(samples.window(1)).contains("least  200  median  220  most  290 MiB  (3 samples)");
    assertThat(samples.window(0)).isEmpty();
  }
}
