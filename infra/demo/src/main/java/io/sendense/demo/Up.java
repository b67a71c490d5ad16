package io.sendense.demo;

import io.sendense.domain.SendenseException;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/** The main job, end to end, on real parts. */
public final class Up {
  private Up() {}

  /** Exits with 0 only if every step was done and every proof held. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    int exit;
    try {
      exit = run(UpOptions.parse(args), out);
    } catch (SendenseException e) {
      System.err.println("sendense: " + e.getMessage() + "\n          " + e.remedy());
      exit = e.code().exitCode();
    } catch (IOException e) {
      System.err.println("sendense: " + e.getMessage());
      exit = 1;
    }
    System.exit(exit);
  }

  private static int run(UpOptions options, PrintStream out) throws IOException {
    long begin = System.nanoTime();
    Story story =
        new Story(
            out, Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent());
    boolean told;
    try (MainJob job = new MainJob(options, story, freshRun(options), InstantSource.system())) {
      story.header();
      told = tell(job, out);
      long millis = (System.nanoTime() - begin) / 1_000_000;
      boolean held = told && story.everyProofHeld();
      long proofs = story.steps().stream().filter(Step::proof).count();
      long holding = story.steps().stream().filter(s -> s.proof() && s.held()).count();
      out.printf(
          "%n  %s: %d of %d proofs held, %s in all%n",
          held ? "The main job works" : "THE MAIN JOB FAILED",
          holding,
          proofs,
          Units.seconds(millis));
      if (options.json().isPresent()) {
        StoryReport.write(options.json().get(), story.steps(), held, millis);
      }
      if (!options.once() && told) {
        job.stayUp(out);
      }
      return held ? 0 : 1;
    }
  }

  private static boolean tell(MainJob job, PrintStream out) {
    try {
      job.tell();
      return true;
    } catch (Exception | AssertionError e) {
      out.println("\n  the story ended early: " + e.getMessage());
      if (e instanceof SendenseException known && !known.remedy().isBlank()) {
        out.println("    " + known.code().id() + ", what to do: " + known.remedy());
      }
      out.println(job.lastWords().indent(4));
      job.logs().forEach(log -> out.println("  log: " + log));
      return false;
    }
  }

  /** A folder of its own for this run; those of earlier runs are removed. */
  private static Path freshRun(UpOptions options) throws IOException {
    Path runs = Files.createDirectories(options.state().resolve("runs"));
    try (Stream<Path> old = Files.list(runs)) {
      for (Path folder : old.toList()) {
        deleteTree(folder);
      }
    }
    byte[] id = new byte[3];
    new SecureRandom().nextBytes(id);
    return Files.createDirectories(runs.resolve(HexFormat.of().formatHex(id)));
  }

  private static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
