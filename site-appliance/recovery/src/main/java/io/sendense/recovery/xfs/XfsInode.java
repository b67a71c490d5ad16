package io.sendense.recovery.xfs;

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
import java.util.List;
import java.util.Optional;

/** An inode with its two forks (chapter "On-disk Inode"). */
final class XfsInode implements GuestFile {
  static final int LOCAL = 1;
  static final int EXTENTS = 2;
  static final int BTREE = 3;

  private static final int MAGIC = 0x494E;
  private static final int REALTIME = 0x1;
  private static final int BIG_TIME = 0x8;
  private static final int BIG_COUNTS = 0x10;
  private static final int LONGEST_LINK = 1024;
  private static final int LINK_HEAD = 56;
  private static final long BIG_TIME_START = -(1L << 31);

  private final XfsFileSystem system;
  private final long number;
  private final Bytes bytes;
  private final boolean five;
  private final FileKind kind;
  private final long sizeBytes;

  XfsInode(XfsFileSystem system, long number, Bytes bytes) {
    this.system = system;
    this.number = number;
    this.bytes = bytes;
    if (bytes.u16(0) != MAGIC) {
      throw bytes.damaged("its magic is not IN");
    }
    five = bytes.u8(4) >= 3;
    if (five && XfsSuper.sum(bytes, 100) != Integer.reverseBytes(bytes.i32(100))) {
      throw bytes.damaged("its checksum does not match");
    }
    kind = FileKind.ofMode(bytes.u16(2));
    sizeBytes = bytes.u63(56, "its size");
  }

  @Override
  public Attributes attributes() {
    long device =
        kind == FileKind.BLOCK_DEVICE || kind == FileKind.CHARACTER_DEVICE ? bytes.u32(head()) : 0;
    return new Attributes(
        kind,
        number,
        sizeBytes,
        bytes.u16(2) & 0xFFF,
        true,
        bytes.u32(8),
        bytes.u32(12),
        bytes.u8(4) == 1 ? bytes.u16(6) : bytes.u32(16),
        time(40),
        time(32),
        time(48),
        five ? Optional.of(time(144)) : Optional.empty(),
        (int) (device >> 18),
        (int) (device & 0x3_FFFF));
  }

  @Override
  public Content content() {
    if (kind == FileKind.DIRECTORY) {
      throw bytes.damaged("a directory was asked for its content");
    }
    return raw();
  }

  private Content raw() {
    if ((bytes.u16(90) & REALTIME) != 0) {
      throw system.volume().unsupported("inode " + number + " lies on a realtime device");
    }
    return switch (bytes.u8(5)) {
      case LOCAL -> new InlineContent(dataFork().copy(0, localSize()));
      case EXTENTS, BTREE ->
          new MappedContent(system.volume(), sizeBytes, map(dataFork(), bytes.u8(5), extents()));
      default -> throw bytes.damaged("its data fork has format " + bytes.u8(5));
    };
  }

  @Override
  public void entries(Entry.Visitor visitor) {
    if (kind != FileKind.DIRECTORY) {
      throw bytes.damaged("it is not a directory");
    }
    XfsDirectory directory = new XfsDirectory(system, number, visitor);
    if (bytes.u8(5) == LOCAL) {
      directory.shortForm(dataFork().part(0, localSize(), "directory " + number));
    } else {
      directory.blocks(raw());
    }
  }

  @Override
  public byte[] target() {
    if (kind != FileKind.SYMLINK || sizeBytes > LONGEST_LINK) {
      throw bytes.damaged("it is no symbolic link, or one of " + sizeBytes + " bytes");
    }
    if (bytes.u8(5) == LOCAL) {
      return dataFork().copy(0, localSize());
    }
    if (!five) {
      byte[] target = new byte[(int) sizeBytes];
      raw().read(0, ByteBuffer.wrap(target));
      return target;
    }
    // Chapter "Symbolic Links": each block begins with a header that says how much it holds.
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    MappedContent.Mapper map = map(dataFork(), bytes.u8(5), extents());
    for (long at = 0; target.size() < sizeBytes; at += system.head().blockBytes) {
      Bytes block = block(map, at, "symbolic link " + number);
      long left = sizeBytes - target.size();
      int part = (int) Math.min(left, Math.min(block.u32(8), system.head().blockBytes - LINK_HEAD));
      if (!block.has(0, "XSLM") || part < 1) {
        throw block.damaged("it is no part of a symbolic link");
      }
      target.writeBytes(block.copy(LINK_HEAD, part));
    }
    return target.toByteArray();
  }

  @Override
  public List<Xattr> xattrs() {
    int fork = bytes.u8(82) * 8;
    if (fork == 0 || head() + fork >= bytes.length()) {
      return List.of();
    }
    Bytes area =
        bytes.part(head() + fork, bytes.length() - head() - fork, "attributes of inode " + number);
    XfsXattrs attributes = new XfsXattrs(system, number, five);
    return switch (bytes.u8(83)) {
      case LOCAL -> attributes.shortForm(area);
      case EXTENTS, BTREE -> {
        long count = bigCounts() ? bytes.u32(76) : bytes.u16(80);
        yield count == 0 ? List.of() : attributes.blocks(this, map(area, bytes.u8(83), count));
      }
      default -> List.of();
    };
  }

  /** A block of one of the forks. */
  Bytes block(MappedContent.Mapper map, long at, String what) {
    MappedContent.Extent extent = map.at(at);
    if (extent.place() < 0) {
      throw bytes.damaged(what + " has a hole at byte " + at);
    }
    return system
        .volume()
        .read(extent.place() + (at - extent.start()), system.head().blockBytes, what)
        .bigEndian();
  }

  private MappedContent.Mapper map(Bytes fork, int format, long extents) {
    return new XfsMap(system, fork, number, format, extents, five);
  }

  private long extents() {
    return bigCounts() ? bytes.u63(24, "the count of extents") : bytes.u32(76);
  }

  private boolean bigCounts() {
    return five && (bytes.i64(120) & BIG_COUNTS) != 0;
  }

  private Bytes dataFork() {
    int fork = bytes.u8(82) * 8;
    int length = fork == 0 ? bytes.length() - head() : fork;
    return bytes.part(head(), length, "data fork of inode " + number);
  }

  private int localSize() {
    if (sizeBytes > bytes.length()) {
      throw bytes.damaged("its " + sizeBytes + " bytes cannot lie in it");
    }
    return (int) sizeBytes;
  }

  private int head() {
    return five ? 176 : 100;
  }

  private Instant time(int at) {
    if (five && (bytes.i64(120) & BIG_TIME) != 0) {
      long nanos = bytes.i64(at);
      return Instant.ofEpochSecond(
          BIG_TIME_START + Long.divideUnsigned(nanos, 1_000_000_000L),
          Long.remainderUnsigned(nanos, 1_000_000_000L));
    }
    return Instant.ofEpochSecond(bytes.i32(at), bytes.u32(at + 4) % 1_000_000_000L);
  }
}
