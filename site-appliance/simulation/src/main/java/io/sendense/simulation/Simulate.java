package io.sendense.simulation;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** {@code ./sendense soak simulate}: many seeds, and what they reached. */
public final class Simulate {
  private static final int STEPS = 40;

  private Simulate() {}

  /** Exits with 1 where a seed failed or too little was reached, with 2 for a wrong option. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Options options =
        Options.parse(arguments, Map.of("--seeds", 1000L, "--from", 1L, "--steps", (long) STEPS));
    if (options.wrong().isPresent()) {
      out.println(options.wrong().get());
      System.exit(2);
    }
    long seeds = options.number("--seeds");
    long from = options.number("--from");
    int steps = (int) options.number("--steps");
    long start = System.nanoTime();
    Simulation simulation =
        new Simulation(memory(), System.getProperty("sendense.commit", "?"), out);
    for (long seed = from; seed < from + seeds; seed++) {
      String sum = simulation.seed(seed, steps);
      if (seeds <= 20) {
        out.printf("seed %d: %s%n", seed, sum);
      } else if ((seed - from + 1) % 50 == 0) {
        out.printf("%d seeds, %d failed%n", seed - from + 1, simulation.failed().size());
      }
    }
    simulation.reached().forEach((what, count) -> out.printf("%8d  %s%n", count, what));
    out.printf(
        "%d seeds of %d steps in %d s at commit %s: %d failed%n",
        seeds,
        steps,
        Duration.ofNanos(System.nanoTime() - start).toSeconds(),
        System.getProperty("sendense.commit", "?"),
        simulation.failed().size());
    // In proportion, so that rare things are wanted of long runs only.
    Map<String, Long> missed = simulation.missed(Simulation.WANTED, seeds / 50);
    if (!missed.isEmpty()) {
      out.println("reached too seldom: " + missed);
    }
    if (!simulation.failed().isEmpty()) {
      out.println("failed seeds: " + simulation.failed());
    }
    System.exit(simulation.failed().isEmpty() && missed.isEmpty() ? 0 : 1);
  }

  /** State databases sync at every commit; in memory that costs nothing. */
  private static Path memory() {
    Path shared = Path.of("/dev/shm");
    return Files.isWritable(shared) ? shared : Path.of(System.getProperty("java.io.tmpdir"));
  }
}
