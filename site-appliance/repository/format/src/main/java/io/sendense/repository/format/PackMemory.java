package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lends the buffers of packs to all writers of an open repository, and never more bytes than its
 * bound. Who came first is served first. Thread-safe.
 *
 * <p>No writers can wait for each other for ever: a buffer that is lent either belongs to a pack
 * that is on its way to the store, and comes back, or to one that is being filled. Where all belong
 * to such, the first who waits has the fullest of them closed, which sends it on its way.
 */
final class PackMemory {
  /** No put of a pack takes longer on a store that works. */
  static final long PATIENCE_SECONDS = 600;

  private final long bytesMax;
  private final ArrayDeque<Object> queue = new ArrayDeque<>();
  private final List<byte[]> idle = new ArrayList<>();
  private final List<PackBuilder> open = new ArrayList<>();
  private int lent;
  private int writers;
  private long bytes;

  /**
   * @param bytesMax of all buffers together, lent or idle
   */
  PackMemory(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  synchronized void writerBegan() {
    writers++;
  }

  synchronized void writerEnded() {
    writers--;
  }

  /** What one writer may fill at once so that all can, as much again being on its way. */
  synchronized long share() {
    return bytesMax / (2L * Math.max(1, writers));
  }

  /**
   * A buffer of at least so many bytes, with any content. Waits for one.
   *
   * @param check throws where the caller must not wait any longer; asked again after {@link #wake}
   */
  byte[] take(int length, Runnable check) {
    Object ticket = new Object();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      while (true) {
        PackBuilder victim;
        synchronized (this) {
          check.run();
          if (!queue.contains(ticket)) {
            queue.addLast(ticket);
          }
          boolean first = queue.peekFirst() == ticket;
          byte[] buffer = first ? find(length) : null;
          if (buffer != null) {
            lent++;
            return buffer;
          }
          victim = first ? victim() : null;
          if (victim == null) {
            wait(left(deadline));
          }
        }
        if (victim != null) {
          victim.close();
        }
      }
    } catch (InterruptedException e) {
      throw PackUploads.interrupted(e);
    } finally {
      synchronized (this) {
        queue.remove(ticket);
        notifyAll();
      }
    }
  }

  /** Takes back a buffer. */
  synchronized void give(byte[] buffer) {
    lent--;
    idle.add(buffer);
    if (lent == 0) {
      idle.clear();
      bytes = 0;
    }
    notifyAll();
  }

  /** A pack that has something in it, and may be closed early for others from now on. */
  synchronized void opened(PackBuilder pack) {
    open.add(pack);
    notifyAll();
  }

  /** The pack is on its way to the store, or given up. */
  synchronized void closed(PackBuilder pack) {
    open.removeIf(one -> one == pack);
    notifyAll();
  }

  /** Has all who wait ask again whether they should. */
  synchronized void wake() {
    notifyAll();
  }

  /** Bytes lent or kept for the next. */
  synchronized long bytes() {
    return bytes;
  }

  private byte @Nullable [] find(int length) {
    Optional<byte[]> fitting =
        idle.stream()
            .filter(buffer -> buffer.length >= length && buffer.length - length <= length / 8)
            .min(Comparator.comparingInt(buffer -> buffer.length));
    if (fitting.isPresent()) {
      idle.remove(fitting.get());
      return fitting.get();
    }
    while (bytes + length > bytesMax && !idle.isEmpty()) {
      bytes -= idle.removeLast().length;
    }
    if (bytes + length > bytesMax) {
      return null;
    }
    byte[] buffer = new byte[length];
    bytes += length;
    return buffer;
  }

  private @Nullable PackBuilder victim() {
    if (lent > open.size()) {
      return null;
    }
    PackBuilder fullest =
        open.stream().max(Comparator.comparingInt(PackBuilder::filledBytes)).orElse(null);
    if (fullest != null) {
      open.removeIf(one -> one == fullest);
    }
    return fullest;
  }

  /** Milliseconds that may still be waited. */
  private static long left(long deadline) {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (millis <= 0) {
      throw new SendenseException(
          ErrorCode.STORE_UNAVAILABLE,
          "no memory for packs came free within " + PATIENCE_SECONDS + " seconds",
          "Check the store's health and the link to it, then run the job again.");
    }
    return millis;
  }
}
