package io.sendense.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a process kept resident over time, and whether that is bounded and flat. Thread-safe. */
final class MemorySamples {
  static final int WINDOWS = 6;

  private static final double MIB = 1 << 20;

  private final double seconds;
  private final List<Sample> samples = new ArrayList<>();

  private record Sample(double second, double mebibytes) {}

  /**
   * @param seconds of the whole run; its first sixth is the warm-up
   */
  MemorySamples(double seconds) {
    this.seconds = seconds;
  }

  synchronized void add(double second, long bytes) {
    samples.add(new Sample(second, bytes / MIB));
  }

  synchronized int count() {
    return samples.size();
  }

  /** Least, median and most of one sixth of the run, counted from 0; empty where none was taken. */
  synchronized String window(int number) {
    double length = seconds / WINDOWS;
    List<Double> found =
        samples.stream()
            .filter(sample -> Math.min(WINDOWS - 1, (int) (sample.second() / length)) == number)
            .map(Sample::mebibytes)
            .sorted()
            .toList();
    return found.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "%5.0f to %5.0f min  least %4.0f  median %4.0f  most %4.0f MiB  (%d samples)",
            number * length / 60,
            (number + 1) * length / 60,
            found.getFirst(),
            found.get(found.size() / 2),
            found.getLast(),
            found.size());
  }

  /** Mebibytes per hour by least squares after the warm-up; 0 for fewer than three samples. */
  synchronized double slope() {
    List<Sample> warm =
        samples.stream().filter(sample -> sample.second() >= seconds / WINDOWS).toList();
    if (warm.size() < 3) {
      return 0;
    }
    double x = warm.stream().mapToDouble(Sample::second).average().orElse(0);
    double y = warm.stream().mapToDouble(Sample::mebibytes).average().orElse(0);
    double both = 0;
    double square = 0;
    for (Sample sample : warm) {
      both += (sample.second() - x) * (sample.mebibytes() - y);
      square += (sample.second() - x) * (sample.second() - x);
    }
    return square == 0 ? 0 : both / square * 3600;
  }

  /** By how much the line through the samples rises from the warm-up to the end. */
  double growth() {
    return slope() / 3600 * seconds * (WINDOWS - 1) / WINDOWS;
  }
}
