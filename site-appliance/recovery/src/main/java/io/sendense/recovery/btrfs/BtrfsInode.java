package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.Attributes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.Xattr;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An inode of a subvolume ("On-disk Format", INODE_ITEM) and what its tree keeps beside it. */
final class BtrfsInode implements GuestFile {
  private static final long NO_SUMS = 0x1;
  private static final int LONGEST_LINK = 65_535;
  private static final int MOST_XATTRS = 65_536;
  private static final int INODE_BITS = 40;

  private final BtrfsFileSystem system;
  private final Subvolume subvolume;
  private final long number;
  private final Bytes bytes;
  private final FileKind kind;

  private BtrfsInode(BtrfsFileSystem system, Subvolume subvolume, long number, Bytes bytes) {
    this.system = system;
    this.subvolume = subvolume;
    this.number = number;
    this.bytes = bytes;
    kind = FileKind.ofMode(bytes.i32(52));
  }

  static BtrfsInode open(BtrfsFileSystem system, Subvolume subvolume, long number) {
    Bytes bytes =
        subvolume
            .tree()
            .get(new Key(number, Key.INODE, 0))
            .orElseThrow(
                () ->
                    system
                        .roots()
                        .nodes()
                        .damaged("subvolume " + subvolume.number(), "it has no inode " + number));
    return new BtrfsInode(system, subvolume, number, bytes);
  }

  @Override
  public Attributes attributes() {
    long device = bytes.i64(56);
    return new Attributes(
        kind,
        id(system, subvolume.number(), number),
        bytes.u63(16, "its size"),
        bytes.i32(52) & 0xFFF,
        true,
        bytes.u32(44),
        bytes.u32(48),
        bytes.u32(40),
        time(136),
        time(112),
        time(124),
        Optional.of(time(148)),
        (int) (device >>> 20),
        (int) (device & 0xF_FFFF));
  }

  /** Inodes have their numbers per subvolume, and numbers are given once. */
  static long id(BtrfsFileSystem system, long subvolume, long number) {
    if (number >>> INODE_BITS != 0 || subvolume >>> (Long.SIZE - INODE_BITS) != 0) {
      throw system
          .roots()
          .nodes()
          .unsupported("inode " + number + " of subvolume " + subvolume + " has too high a number");
    }
    return subvolume << INODE_BITS | number;
  }

  @Override
  public Content content() {
    if (kind == FileKind.DIRECTORY) {
      throw bytes.damaged("a directory was asked for its content");
    }
    boolean summed = (bytes.i64(64) & NO_SUMS) == 0;
    long sizeBytes = bytes.u63(16, "its size");
    return new BtrfsContent(system, subvolume.tree(), number, sizeBytes, summed);
  }

  @Override
  public void entries(Entry.Visitor visitor) {
    requireDirectory();
    Cursor cursor = subvolume.tree().from(new Key(number, Key.DIRECTORY_INDEX, 0));
    boolean more = cursor.valid();
    while (more && cursor.key().of(number, Key.DIRECTORY_INDEX)) {
      for (DirectoryItem item : DirectoryItem.all(cursor.item())) {
        if (!item.name().dots()
            && !visitor.visit(new Entry(item.name(), item.kind(), () -> open(item)))) {
          return;
        }
      }
      more = cursor.next();
    }
  }

  @Override
  public Optional<GuestFile> child(GuestName name) {
    requireDirectory();
    Optional<DirectoryItem> item = DirectoryItem.find(subvolume.tree(), number, name);
    if (item.isEmpty() && system.namesTop(subvolume, number, name)) {
      return Subvolume.find(system.roots(), Subvolume.TOP)
          .map(top -> open(system, top, top.directory()));
    }
    return item.map(this::open);
  }

  private GuestFile open(DirectoryItem item) {
    long wanted = item.location().id();
    if (item.location().type() == Key.INODE) {
      return open(system, subvolume, wanted);
    }
    if (item.location().type() != Key.ROOT) {
      throw bytes.damaged(item.name() + " names an item of kind " + item.location().type());
    }
    // A snapshot has the names of the subvolumes in its original, but not these themselves.
    if (subvolume.names(system.roots(), wanted, number, item.name())) {
      Optional<Subvolume> child = Subvolume.find(system.roots(), wanted);
      if (child.isPresent()) {
        return open(system, child.get(), child.get().directory());
      }
    }
    return new EmptyDirectory(id(system, wanted, Subvolume.EMPTY), time(136));
  }

  @Override
  public byte[] target() {
    long sizeBytes = bytes.u63(16, "its size");
    if (kind != FileKind.SYMLINK || sizeBytes > LONGEST_LINK) {
      throw bytes.damaged("it is no symbolic link, or one of " + sizeBytes + " bytes");
    }
    byte[] target = new byte[(int) sizeBytes];
    content().read(0, ByteBuffer.wrap(target));
    return target;
  }

  @Override
  public List<Xattr> xattrs() {
    List<Xattr> found = new ArrayList<>();
    Cursor cursor = subvolume.tree().from(new Key(number, Key.XATTR, 0));
    boolean more = cursor.valid();
    while (more && cursor.key().of(number, Key.XATTR)) {
      for (DirectoryItem item : DirectoryItem.all(cursor.item())) {
        found.add(
            new Xattr(
                new String(item.name().bytes(), StandardCharsets.UTF_8),
                item.value().copy(0, item.value().length())));
      }
      if (found.size() > MOST_XATTRS) {
        throw bytes.damaged("it has more than " + MOST_XATTRS + " attributes");
      }
      more = cursor.next();
    }
    return List.copyOf(found);
  }

  private void requireDirectory() {
    if (kind != FileKind.DIRECTORY) {
      throw bytes.damaged("it is not a directory");
    }
  }

  private Instant time(int at) {
    return Instant.ofEpochSecond(
        Math.clamp(bytes.i64(at), Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
        bytes.u32(at + 8) % 1_000_000_000L);
  }
}
