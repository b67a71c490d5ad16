package io.sendense.repository.decorators;

import java.time.Duration;

/**
 * How often and how long a call is tried again.
 *
 * @param attempts in all, the first included
 * @param firstPause mean of the first pause is half of it; each next one is up to twice as long
 * @param longestPause no pause is longer
 * @param deadline no attempt begins later than this after the first one
 */
public record RetryPolicy(
    int attempts, Duration firstPause, Duration longestPause, Duration deadline) {
  /** Outlasts a restart of a store's front end, and no more. */
  public static final RetryPolicy USUAL =
      new RetryPolicy(6, Duration.ofMillis(400), Duration.ofSeconds(15), Duration.ofMinutes(3));

  public RetryPolicy {
    if (attempts < 1 || firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException("a retry policy needs attempts and growing pauses");
    }
  }

  /** Longest pause before the attempt of this number, which counts from 2. */
  Duration pauseBefore(int attempt) {
    int doublings = Math.min(attempt - 2, 20);
    Duration grown = firstPause.multipliedBy(1L << doublings);
    return grown.compareTo(longestPause) < 0 ? grown : longestPause;
  }
}
