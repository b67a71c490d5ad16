package io.sendense.recovery.convert;

import io.sendense.recovery.registry.Patch;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One file that conversion writes.
 *
 * @param volume as {@link io.sendense.recovery.disk.GuestVolume#name()} has it
 * @param path from that volume's root, without symbolic links on its way
 * @param before bytes that the file has now; -1 where there is none
 * @param content the whole file; for APPEND what comes behind it, for LINK the target's text; for
 *     PATCH nothing
 * @param patches for PATCH, ascending
 * @param why for people
 */
@SuppressWarnings("ArrayRecordComponent") // made once, never changed and never compared by value
public record Change(
    Kind kind,
    String volume,
    String path,
    long before,
    byte[] content,
    List<Patch> patches,
    String why) {
  /** What is done to the file. */
  public enum Kind {
    /** The content is replaced; owner, mode and attributes stay. */
    REPLACE,
    /** Bytes are added, the file first padded with zeros to a multiple of 4. */
    APPEND,
    CREATE,
    /** A symbolic link is made. */
    LINK,
    /** Pages within the file are replaced, or come behind its end. */
    PATCH
  }

  Change(Kind kind, String volume, String path, long before, byte[] content, String why) {
    this(kind, volume, path, before, content, List.of(), why);
  }

  static Change patch(GuestTree.Place place, List<Patch> patches, String why) {
    return new Change(
        Kind.PATCH,
        place.volume().name(),
        place.path(),
        place.file().attributes().sizeBytes(),
        new byte[0],
        patches,
        why);
  }

  static Change replace(GuestTree.Place place, byte[] content, String why) {
    return new Change(
        Kind.REPLACE,
        place.volume().name(),
        place.path(),
        place.file().attributes().sizeBytes(),
        content,
        why);
  }

  static Change create(WindowsPaths.Folder folder, String name, byte[] content, String why) {
    return new Change(
        Kind.CREATE, folder.volume().name(), folder.path() + "/" + name, -1, content, why);
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
    return switch (kind) {
      case REPLACE -> Math.max(0, content.length - before);
      case PATCH -> after() - before;
      default -> content.length;
    };
  }

  /** Bytes that a patched file has afterwards. */
  long after() {
    return Math.max(before, patches.isEmpty() ? 0 : patches.getLast().end());
  }

  /** Bytes that are written. */
  public long bytes() {
    return kind == Kind.PATCH
        ? patches.stream().mapToLong(patch -> patch.bytes().length).sum()
        : content.length;
  }
}
