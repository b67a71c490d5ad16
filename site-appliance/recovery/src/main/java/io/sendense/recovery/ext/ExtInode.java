package io.sendense.recovery.ext;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.Attributes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.InlineContent;
import io.sendense.recovery.fs.MappedContent;
import io.sendense.recovery.fs.Xattr;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One inode (chapter "Index Nodes"). */
final class ExtInode implements GuestFile {
  private static final int ENCRYPTED = 0x800;
  private static final int EXTENTS = 0x8_0000;
  private static final int INLINE = 0x1000_0000;
  private static final int COMPRESSED = 0x4;
  private static final int BLOCK_MAP = 0x28;
  private static final int BLOCK_MAP_BYTES = 60;
  private static final int LONGEST_LINK = 65_535;

  private final ExtFileSystem system;
  private final long number;
  private final Bytes bytes;
  private final int seed;
  private final FileKind kind;
  private final int flags;
  private final long sizeBytes;

  ExtInode(ExtFileSystem system, long number, Bytes bytes, int seed) {
    this.system = system;
    this.number = number;
    this.bytes = bytes;
    this.seed = seed;
    this.kind = FileKind.ofMode(bytes.u16(0));
    this.flags = bytes.i32(0x20);
    this.sizeBytes = bytes.u32(4) | bytes.u32(0x6C) << 32;
    if (sizeBytes < 0) {
      throw bytes.damaged("its size is " + Long.toUnsignedString(sizeBytes));
    }
  }

  @Override
  public Attributes attributes() {
    int[] device = device();
    return new Attributes(
        kind,
        number,
        sizeBytes,
        bytes.u16(0) & 0xFFF,
        true,
        bytes.u16(2) | (long) bytes.u16(0x78) << 16,
        bytes.u16(0x18) | (long) bytes.u16(0x7A) << 16,
        bytes.u16(0x1A),
        time(0x10, 0x88),
        time(0x8, 0x8C),
        time(0xC, 0x84),
        hasExtra(0x94) ? Optional.of(time(0x90, 0x94)) : Optional.empty(),
        device[0],
        device[1]);
  }

  @Override
  public Content content() {
    if (kind == FileKind.DIRECTORY) {
      throw bytes.damaged("a directory was asked for its content");
    }
    return raw();
  }

  /** What the block map says, whatever kind of file this is. */
  Content raw() {
    if ((flags & ENCRYPTED) != 0) {
      throw system.volume().unsupported("inode " + number + " is encrypted by the guest (fscrypt)");
    }
    if ((flags & COMPRESSED) != 0) {
      throw system.volume().unsupported("inode " + number + " is compressed (e2compr)");
    }
    if ((flags & INLINE) != 0) {
      return new InlineContent(inline());
    }
    Bytes map = bytes.part(BLOCK_MAP, BLOCK_MAP_BYTES, "block map of inode " + number);
    MappedContent.Mapper mapper =
        (flags & EXTENTS) != 0
            ? new ExtentMap(system, map, number, seed)
            : new IndirectMap(system, map, number);
    return new MappedContent(system.volume(), sizeBytes, mapper);
  }

  @Override
  public void entries(Entry.Visitor visitor) {
    if (kind != FileKind.DIRECTORY) {
      throw bytes.damaged("it is not a directory");
    }
    Directory directory = new Directory(system, number, seed);
    if ((flags & INLINE) == 0) {
      directory.blocks(raw(), visitor);
      return;
    }
    // Chapter "Inline Directories": the parent's number, then entries, then more in system.data.
    byte[] all = inline();
    boolean more =
        directory.inline(
            Arrays.copyOfRange(all, Math.min(4, all.length), Math.min(60, all.length)), visitor);
    if (more && all.length > BLOCK_MAP_BYTES) {
      directory.inline(Arrays.copyOfRange(all, BLOCK_MAP_BYTES, all.length), visitor);
    }
  }

  @Override
  public byte[] target() {
    if (kind != FileKind.SYMLINK) {
      throw bytes.damaged("it is not a symbolic link");
    }
    if (sizeBytes > LONGEST_LINK) {
      throw bytes.damaged("a symbolic link of " + sizeBytes + " bytes");
    }
    if ((flags & (EXTENTS | INLINE | ENCRYPTED)) == 0 && sizeBytes < BLOCK_MAP_BYTES) {
      return bytes.copy(BLOCK_MAP, (int) sizeBytes);
    }
    byte[] target = new byte[(int) sizeBytes];
    raw().read(0, ByteBuffer.wrap(target));
    return target;
  }

  @Override
  public List<Xattr> xattrs() {
    return new Xattrs(system, bytes, number).all();
  }

  /** Bytes of the inode's own data, before what a size cuts off. */
  private byte[] inline() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] map = bytes.copy(BLOCK_MAP, BLOCK_MAP_BYTES);
    all.write(
        map, 0, kind == FileKind.DIRECTORY ? map.length : (int) Math.min(map.length, sizeBytes));
    if (sizeBytes > BLOCK_MAP_BYTES) {
      byte[] rest = new Xattrs(system, bytes, number).inlineData();
      all.write(rest, 0, (int) Math.min(rest.length, sizeBytes - BLOCK_MAP_BYTES));
    }
    if (all.size() < sizeBytes) {
      throw bytes.damaged("its inline data is shorter than its size of " + sizeBytes);
    }
    return all.toByteArray();
  }

  /** Chapter "Index Nodes", "Inode Timestamps": two bits of epoch and 30 of nanoseconds. */
  private Instant time(int at, int extraAt) {
    long seconds = bytes.i32(at);
    if (!hasExtra(extraAt)) {
      return Instant.ofEpochSecond(seconds);
    }
    long extra = bytes.u32(extraAt);
    return Instant.ofEpochSecond(seconds + ((extra & 3) << 32), extra >> 2);
  }

  private boolean hasExtra(int at) {
    return bytes.length() > 128 && 128 + bytes.u16(0x80) >= at + 4 && at + 4 <= bytes.length();
  }

  private int[] device() {
    if (kind != FileKind.CHARACTER_DEVICE && kind != FileKind.BLOCK_DEVICE) {
      return new int[2];
    }
    int old = bytes.i32(BLOCK_MAP);
    if (old != 0) {
      return new int[] {old >> 8 & 0xFF, old & 0xFF};
    }
    int wide = bytes.i32(BLOCK_MAP + 4);
    return new int[] {wide >> 8 & 0xFFF, (wide & 0xFF) | ((wide >> 12) & 0xF_FF00)};
  }
}
