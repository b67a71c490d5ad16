package io.sendense.controllink;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits between attempts: each up to twice as long as the last, at least half of that, so that many
 * appliances do not come back in step. One thread.
 */
public final class Backoff {
  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;
  private Duration current;

  /**
   * @param first the first wait at most
   * @param longest no wait is longer
   */
  public Backoff(Duration first, Duration longest, RandomGenerator random) {
    if (!first.isPositive() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("a backoff needs 0 < first <= longest");
    }
    this.first = first;
    this.longest = longest;
    this.random = random;
    this.current = first;
  }

  /** The wait after one more failure. */
  public Duration afterFailure() {
    Duration ceiling = current;
    Duration doubled = current.multipliedBy(2);
    current = doubled.compareTo(longest) < 0 ? doubled : longest;
    long half = ceiling.toMillis() / 2;
    return Duration.ofMillis(half + random.nextLong(half + 1));
  }

  /** After a success the next failure waits shortly again. */
  public void succeeded() {
    current = first;
  }

  /** A wait lengthened by a random part of it, at most {@code percent} of it. */
  public static Duration jittered(Duration wait, int percent, RandomGenerator random) {
    long most = wait.toMillis() * percent / 100;
    return wait.plusMillis(most <= 0 ? 0 : random.nextLong(most + 1));
  }
}
