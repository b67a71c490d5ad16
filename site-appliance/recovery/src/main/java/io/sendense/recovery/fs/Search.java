package io.sendense.recovery.fs;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Looks through a directory and all below it, by names alone: files are not opened. Memory grows
 * with the depth, not with the number of files. For one use.
 */
public final class Search {
  private static final int DEEPEST = 2048;

  private final Predicate<Entry> wanted;
  private final Found found;
  private final BiConsumer<String, SendenseException> unreadable;
  private final Deque<Long> ancestors = new ArrayDeque<>();
  private long looked;

  /** Takes what was found. */
  @FunctionalInterface
  public interface Found {
    /** Whether to go on. */
    boolean found(GuestPath path, Entry entry);
  }

  /**
   * @param unreadable told of every directory that could not be read to its end
   */
  public Search(
      Predicate<Entry> wanted, Found found, BiConsumer<String, SendenseException> unreadable) {
    this.wanted = wanted;
    this.found = found;
    this.unreadable = unreadable;
  }

  /** How many entries were looked at. */
  public long looked() {
    return looked;
  }

  /** Whether all was looked at; false where {@link Found} had enough. */
  public boolean run(GuestPath path, GuestFile directory) {
    long id = directory.attributes().id();
    if (path.depth() > DEEPEST || ancestors.contains(id)) {
      unreadable.accept(
          path.toString(),
          new SendenseException(
              ErrorCode.GUEST_DAMAGED, "the directory contains itself or is too deep", ""));
      return true;
    }
    boolean[] more = {true};
    ancestors.addLast(id);
    try {
      directory.entries(
          entry -> {
            more[0] = entry(path.with(entry.name()), entry);
            return more[0];
          });
    } catch (SendenseException e) {
      if (e.code() != ErrorCode.GUEST_DAMAGED && e.code() != ErrorCode.GUEST_UNSUPPORTED) {
        throw e;
      }
      unreadable.accept(path.toString(), e);
    } finally {
      ancestors.removeLast();
    }
    return more[0];
  }

  private boolean entry(GuestPath path, Entry entry) {
    looked++;
    if (wanted.test(entry) && !found.found(path, entry)) {
      return false;
    }
    if (entry.kind() != FileKind.DIRECTORY && entry.kind() != FileKind.UNKNOWN) {
      return true;
    }
    GuestFile file;
    try {
      file = entry.open();
    } catch (SendenseException e) {
      if (e.code() != ErrorCode.GUEST_DAMAGED && e.code() != ErrorCode.GUEST_UNSUPPORTED) {
        throw e;
      }
      unreadable.accept(path.toString(), e);
      return true;
    }
    return file.attributes().kind() != FileKind.DIRECTORY || run(path, file);
  }
}
