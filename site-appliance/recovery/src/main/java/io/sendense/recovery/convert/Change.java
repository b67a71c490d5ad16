package io.sendense.recovery.convert;

import java.nio.charset.StandardCharsets;

/**
 * One file that conversion writes.
 *
 * @param volume as {@link io.sendense.recovery.disk.GuestVolume#name()} has it
 * @param path from that volume's root, without symbolic links on its way
 * @param before bytes that the file has now; -1 where there is none
 * @param content the whole file; for APPEND what comes behind it, for LINK the target's text
 * @param why for people
 */
@SuppressWarnings("ArrayRecordComponent") // made once, never changed and never compared by value
public record Change(
    Kind kind, String volume, String path, long before, byte[] content, String why) {
  /** What is done to the file. */
  public enum Kind {
    /** The content is replaced; owner, mode and attributes stay. */
    REPLACE,
    /** Bytes are added, the file first padded with zeros to a multiple of 4. */
    APPEND,
    CREATE,
    /** A symbolic link is made. */
    LINK
  }

  static Change replace(GuestTree.Place place, String content, String why) {
    return new Change(
        Kind.REPLACE,
        place.volume().name(),
        place.path(),
        place.file().attributes().sizeBytes(),
        content.getBytes(StandardCharsets.UTF_8),
        why);
  }

  static Change create(GuestTree.Place folder, String name, String content, String why) {
    return new Change(
        Kind.CREATE,
        folder.volume().name(),
        folder.path().equals("/") ? "/" + name : folder.path() + "/" + name,
        -1,
        content.getBytes(StandardCharsets.UTF_8),
        why);
  }

  /** Bytes that the volume must have free for it. */
  long needs() {
    return kind == Kind.REPLACE ? Math.max(0, content.length - before) : content.length;
  }
}
