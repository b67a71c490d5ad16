package io.sendense.repository.format;

import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectName;
import java.time.Instant;
import java.util.List;

/**
 * What a collection did, or would do.
 *
 * @param at the store's time it went by
 * @param pointsRemoved deleted points whose objects went
 * @param packsDeleted with how many bytes
 * @param packsCondemned packs nobody finds any more, with how many bytes; they go when {@code at}
 *     plus the deletion age has passed
 * @param packsRewritten mostly dead packs whose rest was copied, with how many bytes copied
 * @param packsCovered packs named again by an index because a point needs them
 * @param objectsDeleted indexes, intents and marks
 * @param bytesWanted bytes of packs that points need
 * @param kept garbage that a lock or hold keeps, up to 1,000 of it
 */
public record CollectReport(
    Instant at,
    long pointsRemoved,
    Count packsDeleted,
    Count packsCondemned,
    Count packsRewritten,
    long packsCovered,
    long objectsDeleted,
    long bytesWanted,
    List<Kept> kept) {
  public CollectReport {
    kept = List.copyOf(kept);
  }

  /** How many, and how many bytes they have. */
  public record Count(long count, long bytes) {
    static final Count NONE = new Count(0, 0);

    Count plus(long more) {
      return new Count(count + 1, bytes + more);
    }
  }

  /**
   * Something that would go.
   *
   * @param until in words: a date, or that it is held
   */
  public record Kept(String object, long bytes, String until) {
    static Kept of(ObjectName name, long bytes, LockState state) {
      String until =
          state.legalHold()
              ? "held"
              : state.lock().map(lock -> "locked until " + lock.until()).orElse("");
      return new Kept(name.value(), bytes, until);
    }
  }
}
