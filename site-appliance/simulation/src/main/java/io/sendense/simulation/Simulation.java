package io.sendense.simulation;

import io.sendense.testkit.Folders;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Many seeds one after another, and what they reached together. */
final class Simulation {
  /** What has to be reached; a step or fault that never came proves nothing. */
  static final List<String> WANTED =
      List.of(
          "backup full",
          "backup incremental",
          "backup compare",
          "a tracker's lie found",
          "tracker lost",
          "resize",
          "restore near",
          "restore far",
          "copy",
          "collect",
          "collect condemned",
          "collect deleted packs",
          "collect removed points",
          "delete",
          "delete refused",
          "retain",
          "hold",
          "release",
          "verify",
          "heal",
          "healed from a copy",
          "captured again after damage",
          "refused to give wrong bytes",
          "lost from packs",
          "damaged in packs",
          "damaged in indexes",
          "rotate key",
          "tier",
          "tier archived",
          "jobs at once",
          "host clock set wrong",
          "store clock steps back",
          "slept",
          "failed DEADLINE_EXCEEDED",
          "fault before",
          "fault after",
          "fault later",
          "fault full",
          "fault commit on the source",
          "landed later",
          "killed",
          "killed in capture",
          "killed in read",
          "killed in seal",
          "killed in publish",
          "killed in commit",
          "killed in copy",
          "in flight at a crash",
          "found interrupted",
          "reaped after a crash",
          "a point whose maker never heard of success",
          "settled");

  /** The part of it that a dozen seeds reach. */
  static final List<String> COMMON =
      List.of(
          "backup full",
          "backup incremental",
          "backup compare",
          "restore near",
          "copy",
          "collect",
          "collect condemned",
          "delete",
          "hold",
          "verify",
          "lost from packs",
          "damaged in packs",
          "jobs at once",
          "slept",
          "fault before",
          "fault after",
          "fault later",
          "killed",
          "found interrupted",
          "settled");

  private final Path folder;
  private final String commit;
  private final PrintStream out;
  private final Coverage coverage = new Coverage();
  private final List<String> failed = new ArrayList<>();

  /**
   * @param folder for state databases; one in memory saves the time their syncs take
   * @param commit of the program, for whoever repeats a failure
   */
  Simulation(Path folder, String commit, PrintStream out) {
    this.folder = folder;
    this.commit = commit;
    this.out = out;
  }

  /** Runs one seed; returns the sum of all its steps, or says why it failed. */
  String seed(long seed, int steps) {
    Path scratch = scratch(seed);
    Run run = new Run(seed, scratch, coverage);
    try {
      run.run(steps);
      return run.journal().sum();
    } catch (RuntimeException | AssertionError e) {
      failed.add(Long.toString(seed));
      out.printf("FAILED seed %d, step %d, commit %s%n", seed, run.step(), commit);
      run.journal().last().forEach(out::println);
      e.printStackTrace(out);
      out.printf(
          "repeat it: ./sendense soak simulate --seeds 1 --from %d --steps %d%n", seed, steps);
      return "failed";
    } finally {
      Folders.delete(scratch);
    }
  }

  List<String> failed() {
    return List.copyOf(failed);
  }

  Map<String, Long> reached() {
    return coverage.counts();
  }

  /** What was wanted and reached fewer than so many times. */
  Map<String, Long> missed(List<String> wanted, long min) {
    return coverage.below(wanted, min);
  }

  private Path scratch(long seed) {
    try {
      return Files.createTempDirectory(folder, "simulation-" + seed + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
