package io.sendense.repository.format;

import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of chunks. Thread-safe. */
final class Tally {
  private final LongAdder zero = new LongAdder();
  private final LongAdder unchanged = new LongAdder();
  private final LongAdder deduplicated = new LongAdder();
  private final LongAdder stored = new LongAdder();
  private final LongAdder bytesGiven = new LongAdder();

  WriteOutcome count(WriteOutcome outcome, long bytes) {
    bytesGiven.add(bytes);
    switch (outcome) {
      case ZERO -> zero.increment();
      case UNCHANGED -> unchanged.increment();
      case DEDUPLICATED -> deduplicated.increment();
      case STORED -> stored.increment();
    }
    return outcome;
  }

  void countZeros(long chunks) {
    zero.add(chunks);
  }

  PointStatistics statistics(long bytesStored, long objects) {
    return new PointStatistics(
        zero.sum(),
        unchanged.sum(),
        deduplicated.sum(),
        stored.sum(),
        bytesGiven.sum(),
        bytesStored,
        objects);
  }
}
