package io.sendense.demo;

import io.sendense.domain.SendenseException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs the steps of the story one after another, times each and prints it as a row of a table as
 * soon as it is done. A step that throws ends the story; a proof that does not hold is a failed
 * row, and the story goes on. Used by one thread.
 */
final class Story {
  private static final String ROW = "  %-10s %-54s %8s  %10s  %s";

  private final PrintStream out;
  private final boolean terminal;
  private final List<Step> steps = new ArrayList<>();
  private String chapter = "";

  Story(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Something the story does; may throw anything. */
  interface Action<T> {
    Done<T> run() throws Exception;
  }

  /** A step's result together with what it shows. */
  record Done<T>(T value, Shown shown) {}

  /** Something that must hold; throws {@link ProofFailed} where it does not. */
  interface Check {
    Shown check() throws Exception;
  }

  /** A proof that does not hold, in words for the table. */
  static final class ProofFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProofFailed(String message) {
      super(message);
    }
  }

  void chapter(String name) {
    chapter = name;
  }

  <T> T step(String what, Action<T> action) throws Exception {
    announce(what);
    long begin = System.nanoTime();
    try {
      Done<T> done = action.run();
      record(new Step(chapter, what, millisSince(begin), done.shown(), false, true));
      return done.value();
    } catch (Exception e) {
      record(new Step(chapter, what, millisSince(begin), Shown.of(reason(e)), false, false));
      throw e;
    }
  }

  void proof(String what, Check check) {
    announce(what);
    long begin = System.nanoTime();
    try {
      Shown shown = check.check();
      record(new Step(chapter, what, millisSince(begin), shown, true, true));
    } catch (Exception | AssertionError e) {
      record(new Step(chapter, what, millisSince(begin), Shown.of(reason(e)), true, false));
    }
  }

  static void require(boolean held, String otherwise) {
    if (!held) {
      throw new ProofFailed(otherwise);
    }
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }

  boolean everyProofHeld() {
    return steps.stream().anyMatch(Step::proof) && steps.stream().allMatch(Step::held);
  }

  void header() {
    out.println(String.format(Locale.ROOT, ROW, "", "", "time", "bytes", "").stripTrailing());
  }

  /** Something to know that is neither done nor proved. */
  void note(String text) {
    out.println("  note       " + text);
  }

  private void announce(String what) {
    if (terminal) {
      out.print("  " + chapter + ": " + what + " ...\r");
      out.flush();
    }
  }

  private void record(Step step) {
    steps.add(step);
    String mark = step.held() ? (step.proof() ? "proved" : step.chapter()) : "FAILED";
    String bytes = step.shown().bytes() < 0 ? "" : Units.bytes(step.shown().bytes());
    String row =
        String.format(
            Locale.ROOT,
            ROW,
            mark,
            step.what(),
            Units.seconds(step.millis()),
            bytes,
            step.shown().detail());
    out.println((terminal ? "\u001b[2K" : "") + row.stripTrailing());
    out.flush();
  }

  private static String reason(Throwable e) {
    if (e instanceof SendenseException known) {
      return known.code().id() + " " + known.getMessage() + " " + known.remedy();
    }
    if (e instanceof ProofFailed) {
      return String.valueOf(e.getMessage());
    }
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  private static long millisSince(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }
}
