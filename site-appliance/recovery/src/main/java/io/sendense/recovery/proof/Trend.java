package io.sendense.recovery.proof;

import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the measured recovery time of a machine went over its former records. Only records whose
 * signature holds count, and only proofs that passed.
 *
 * @param earlier the former ones, oldest first, at most 100
 */
public record Trend(List<Measured> earlier) {
  private static final int MOST = 100;
  public static final String FILE = "proof.json";

  public Trend {
    earlier = List.copyOf(earlier);
  }

  /** One proof. */
  public record Measured(Instant startedAt, Duration recovery) {}

  /**
   * Reads the records in the folders of one machine.
   *
   * @param folder with a folder per proof; may be missing
   */
  public static Trend of(Path folder, PublicKey key) {
    return History.of(folder, key, MOST).trend();
  }

  /** Half of the earlier ones were faster; empty where there are none. */
  public Optional<Duration> median() {
    List<Duration> sorted = earlier.stream().map(Measured::recovery).sorted().toList();
    int middle = sorted.size() / 2;
    if (sorted.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : sorted.get(middle - 1).plus(sorted.get(middle)).dividedBy(2));
  }

  /**
   * The median of the newer half against that of the older half, in percent of the older: above 0
   * it takes longer than it did. Empty with fewer than four.
   */
  public Optional<Long> changePercent() {
    int half = earlier.size() / 2;
    if (half < 2) {
      return Optional.empty();
    }
    Optional<Duration> before = new Trend(earlier.subList(0, half)).median();
    Optional<Duration> since = new Trend(earlier.subList(half, earlier.size())).median();
    return before.flatMap(
        was ->
            since.map(is -> Math.round(100.0 * is.toMillis() / Math.max(1, was.toMillis()) - 100)));
  }
}
