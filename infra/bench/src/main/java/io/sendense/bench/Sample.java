package io.sendense.bench;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One run of one program.
 *
 * @param wallSeconds from start to end of the process
 * @param cpuSeconds user and system time of the process and of the server it needed, if any
 * @param peakMiB largest resident size of the process itself
 * @param innerSeconds what the program itself timed after it was ready, or the wall time
 */
record Sample(double wallSeconds, double cpuSeconds, double peakMiB, double innerSeconds) {
  static double least(List<Sample> samples, ToDoubleFunction<Sample> of) {
    return samples.stream().mapToDouble(of).min().orElse(Double.NaN);
  }

  static double median(List<Sample> samples, ToDoubleFunction<Sample> of) {
    List<Sample> sorted = samples.stream().sorted(Comparator.comparingDouble(of)).toList();
    return sorted.isEmpty()
        ? Double.NaN
        : (of.applyAsDouble(sorted.get((sorted.size() - 1) / 2))
                + of.applyAsDouble(sorted.get(sorted.size() / 2)))
            / 2;
  }

  Sample plusCpu(double seconds) {
    return new Sample(wallSeconds, cpuSeconds + seconds, peakMiB, innerSeconds);
  }
}
