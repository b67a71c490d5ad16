package io.sendense.recovery.fs;

import java.util.function.Supplier;

/**
 * A name in a directory.
 *
 * @param kind as far as the directory says it
 * @param opener reads the file's own structures; may fail with GUEST_DAMAGED
 */
public record Entry(GuestName name, FileKind kind, Supplier<GuestFile> opener) {
  public GuestFile open() {
    return opener.get();
  }

  /** Takes entries one at a time. */
  @FunctionalInterface
  public interface Visitor {
    /** Whether to go on. */
    boolean visit(Entry entry);
  }
}
