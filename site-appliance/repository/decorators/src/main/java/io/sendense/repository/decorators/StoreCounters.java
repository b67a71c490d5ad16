package io.sendense.repository.decorators;

import io.sendense.domain.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Sums of what a store was asked, by operation. Thread-safe. */
public final class StoreCounters implements StoreMeter {
  /**
   * Sums of one operation.
   *
   * @param failures by what they were; all are in {@code calls} too
   * @param nanos of all calls together
   */
  public record Sum(
      long calls, Map<ErrorCode, Long> failures, long bytes, long nanos, long longestNanos) {
    static final Sum NONE = new Sum(0, Map.of(), 0, 0, 0);

    Sum plus(Optional<ErrorCode> failure, long moreBytes, long took) {
      Map<ErrorCode, Long> failed = new EnumMap<>(ErrorCode.class);
      failed.putAll(failures);
      failure.ifPresent(code -> failed.merge(code, 1L, Long::sum));
      return new Sum(
          calls + 1,
          Map.copyOf(failed),
          bytes + moreBytes,
          nanos + took,
          Math.max(longestNanos, took));
    }
  }

  private final Map<Operation, Sum> sums = new EnumMap<>(Operation.class);

  @Override
  public synchronized void record(
      Operation operation, Optional<ErrorCode> failure, long bytes, long nanos) {
    sums.put(operation, sum(operation).plus(failure, bytes, nanos));
  }

  public synchronized Sum sum(Operation operation) {
    return sums.getOrDefault(operation, Sum.NONE);
  }
}
