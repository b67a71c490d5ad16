package io.sendense.recovery.ntfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A directory's index ("The index"): its root, then every block that its bitmap says is in use, in
 * the order in which they lie; the tree above them is not needed to read all names.
 */
final class NtfsIndex {
  static final int DOS = 2;

  private static final String NAMES = "$I30";
  private static final int LAST = 2;
  private static final int IS_FOLDER = 0x1000_0000;
  private static final int IS_REPARSE = 0x400;
  private static final long OWN_FILES = 24;
  private static final long NUMBER = 0xFFFF_FFFF_FFFFL;
  private static final int MOST_BITMAP = 16 << 20;

  private final NtfsFileSystem system;
  private final NtfsRecord record;
  private final Entry.Visitor visitor;

  NtfsIndex(NtfsFileSystem system, NtfsRecord record, Entry.Visitor visitor) {
    this.system = system;
    this.record = record;
    this.visitor = visitor;
  }

  void all() {
    String what = "index of record " + record.number();
    Bytes root =
        record
            .first(NtfsAttribute.INDEX_ROOT, NAMES)
            .filter(NtfsAttribute::resident)
            .orElseThrow(() -> record.bytes().damaged("a directory without an index"))
            .value(what);
    if (!entries(root, 16)) {
      return;
    }
    NtfsAttribute blocks = record.first(NtfsAttribute.INDEX_ALLOCATION, NAMES).orElse(null);
    if (blocks == null) {
      return;
    }
    long length = root.u32(8);
    if (length < 512 || length > 65_536 || Long.bitCount(length) != 1) {
      throw root.damaged("blocks of " + length + " bytes");
    }
    Content content = record.content(blocks);
    byte[] used =
        record
            .first(NtfsAttribute.BITMAP, NAMES)
            .map(one -> record.all(record.content(one), MOST_BITMAP))
            .orElseThrow(() -> record.bytes().damaged("an index without its bitmap"));
    long count = Math.min(content.sizeBytes() / length, used.length * 8L);
    if (content.sizeBytes() > system.volume().volume().sizeBytes()) {
      throw root.damaged("an index larger than the volume");
    }
    for (int i = 0; i < count; i++) {
      if ((used[i / 8] & (1 << (i % 8))) != 0 && !block(content, i * length, (int) length, what)) {
        return;
      }
    }
  }

  private boolean block(Content content, long at, int length, String what) {
    byte[] raw = new byte[length];
    content.read(at, ByteBuffer.wrap(raw));
    return entries(system.volume().fixed(raw, "INDX", what, at), 24);
  }

  /**
   * Whether to go on.
   *
   * @param header where the list's own header lies
   */
  private boolean entries(Bytes block, int header) {
    long first = block.u32(header);
    long end = header + block.u32(header + 4);
    if (first > block.length() || end > block.length()) {
      throw block.damaged("its entries end at " + end);
    }
    int at = header + (int) first;
    while (at + 16 <= end) {
      int length = block.u16(at + 8);
      if (length < 16 || length % 8 != 0 || length > end - at) {
        throw block.damaged("an entry of " + length + " bytes at " + at);
      }
      if ((block.u16(at + 12) & LAST) != 0) {
        return true;
      }
      if (!entry(block.part(at, length, "entry of an index"))) {
        return false;
      }
      at += length;
    }
    return true;
  }

  private boolean entry(Bytes entry) {
    long reference = entry.i64(0);
    int space = entry.u8(16 + 65);
    long number = reference & NUMBER;
    // The file system's own files, and the second, short name of a long one.
    if (space == DOS || number < OWN_FILES) {
      return true;
    }
    GuestName name =
        GuestName.of(
            new String(entry.copy(16 + 66, 2 * entry.u8(16 + 64)), StandardCharsets.UTF_16LE));
    int flags = entry.i32(16 + 56);
    FileKind kind =
        (flags & IS_REPARSE) != 0
            ? FileKind.UNKNOWN
            : (flags & IS_FOLDER) != 0 ? FileKind.DIRECTORY : FileKind.FILE;
    return visitor.visit(new Entry(name, kind, () -> system.file(reference)));
  }
}
