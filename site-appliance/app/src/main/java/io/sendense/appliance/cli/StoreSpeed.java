package io.sendense.appliance.cli;

import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** How fast a store takes and gives objects, one at a time. */
final class StoreSpeed {
  private static final int SMALL_BYTES = 4096;
  private static final int SMALL_COUNT = 20;
  private static final int LARGE_BYTES = 16 << 20;
  private static final int LARGE_COUNT = 4;

  private StoreSpeed() {}

  /** Medians of small objects; of large ones, bytes per second over all. */
  record Figures(Duration smallPut, Duration smallRead, long largePutRate, long largeReadRate) {
    static final String SMALL = SMALL_COUNT + " objects of " + Units.bytes(SMALL_BYTES);
    static final String LARGE = LARGE_COUNT + " objects of " + Units.bytes(LARGE_BYTES);
  }

  static Figures measure(ObjectStore store, RandomGenerator random) {
    byte[] content = new byte[LARGE_BYTES];
    random.nextBytes(content);
    byte[] target = new byte[LARGE_BYTES];
    List<Duration> smallPuts =
        times(SMALL_COUNT, i -> store.put(name("small", i), content, 0, SMALL_BYTES));
    List<Duration> smallReads =
        times(SMALL_COUNT, i -> store.read(name("small", i), 0, target, 0, SMALL_BYTES));
    List<Duration> largePuts = times(LARGE_COUNT, i -> store.put(name("large", i), content));
    List<Duration> largeReads =
        times(LARGE_COUNT, i -> store.read(name("large", i), 0, target, 0, LARGE_BYTES));
    return new Figures(median(smallPuts), median(smallReads), rate(largePuts), rate(largeReads));
  }

  @FunctionalInterface
  private interface Step {
    void run(int number);
  }

  private static List<Duration> times(int count, Step step) {
    List<Duration> times = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long begin = System.nanoTime();
      step.run(i);
      times.add(Duration.ofNanos(System.nanoTime() - begin));
    }
    Collections.sort(times);
    return times;
  }

  private static Duration median(List<Duration> sorted) {
    return sorted.get(sorted.size() / 2);
  }

  private static long rate(List<Duration> times) {
    double seconds = times.stream().mapToLong(Duration::toNanos).sum() / 1e9;
    return (long) (times.size() * (double) LARGE_BYTES / Math.max(seconds, 1e-9));
  }

  private static ObjectName name(String kind, int number) {
    return new ObjectName(kind + "/" + number);
  }
}
