package io.sendense.simulation;

import java.util.SplittableRandom;

/**
 * What goes wrong on the way to a store during one job: nothing, or something from some step on.
 */
final class Faults {
  /** What the caller and the store see of a call. */
  enum Kind {
    /** The call fails and had no effect. */
    BEFORE,
    /** The call fails, and took effect. */
    AFTER,
    /** The call fails, and takes effect some time later. */
    LATER,
    /** A put finds no space. */
    FULL
  }

  private final Kind kind;
  private final int from;
  private final int to;
  private int operations;
  private boolean struck;

  private Faults(Kind kind, int from, int to) {
    this.kind = kind;
    this.from = from;
    this.to = to;
  }

  static Faults none() {
    return new Faults(Kind.BEFORE, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** In one job of four: once, for some calls, or from some call on for good. */
  static Faults draw(SplittableRandom random) {
    if (random.nextInt(4) > 0) {
      return none();
    }
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    int from = 1 + random.nextInt(1 << (1 + random.nextInt(6)));
    int length =
        switch (random.nextInt(3)) {
          case 0 -> 1;
          case 1 -> 1 + random.nextInt(6);
          default -> 1 << 20;
        };
    return new Faults(kind, from, from + length);
  }

  Kind kind() {
    return kind;
  }

  /** Counts a call; whether it is to fail. */
  synchronized boolean strikes() {
    operations++;
    boolean now = operations >= from && operations < to;
    struck |= now;
    return now;
  }

  synchronized boolean struck() {
    return struck;
  }
}
