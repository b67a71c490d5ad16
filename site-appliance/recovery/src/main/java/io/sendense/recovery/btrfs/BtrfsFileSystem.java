package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.GuestName;
import java.util.ArrayList;
import java.util.List;

/**
 * A btrfs file system. Its root is that of the default subvolume, as a mount without options shows
 * it; where that is not the top, the top is reached by a name that listings leave out.
 */
public final class BtrfsFileSystem implements GuestFileSystem {
  /** As btrfs's own tools call the top. */
  static final String TOP_NAME = "<FS_TREE>";

  private static final long SUMS_TREE = 7;
  private static final int CHUNK_ID = 256;

  private final BtrfsSuper head;
  private final Tree roots;
  private final Data data;
  private final Subvolume shown;
  private final List<String> notes;

  private BtrfsFileSystem(
      BtrfsSuper head, Tree roots, Data data, Subvolume shown, List<String> notes) {
    this.head = head;
    this.roots = roots;
    this.data = data;
    this.shown = shown;
    this.notes = List.copyOf(notes);
  }

  /** Whether the source begins as one of these does. */
  public static boolean isThere(BlockSource source) {
    return source.sizeBytes() >= BtrfsSuper.PRIMARY + 4096
        && new Volume(source, "btrfs")
            .read(BtrfsSuper.PRIMARY, 4096, "super block")
            .has(0x40, BtrfsSuper.MAGIC);
  }

  /**
   * @throws io.sendense.domain.SendenseException GUEST_DAMAGED, GUEST_UNSUPPORTED
   */
  public static BtrfsFileSystem open(BlockSource source) {
    Volume volume = new Volume(source, "btrfs");
    BtrfsSuper head = BtrfsSuper.read(volume);
    List<String> notes = new ArrayList<>();
    if (head.mirrored) {
      notes.add("its first super block is damaged, and a mirror of it was taken");
    }
    if (head.devices() > 1) {
      notes.add("it has " + head.devices() + " devices, of which only this one is read");
    }
    if (head.hasLog()) {
      notes.add(
          "its log tree was not empty and is not replayed: what was forced to disk since the last"
              + " commit, within some 30 seconds, is missing");
    }
    Chunks chunks = new Chunks(volume, head.device);
    systemChunks(head, chunks);
    Nodes nodes = new Nodes(volume, head, chunks);
    Cursor cursor = new Tree(nodes, head.chunkTree).from(new Key(CHUNK_ID, Key.CHUNK, 0));
    while (cursor.valid() && cursor.key().of(CHUNK_ID, Key.CHUNK)) {
      chunks.add(cursor.key().offset(), cursor.item());
      if (!cursor.next()) {
        break;
      }
    }
    Tree roots = new Tree(nodes, head.rootTree);
    Data data =
        new Data(volume, head, chunks, Subvolume.tree(roots, SUMS_TREE, "the tree of checksums"));
    long shown = defaultSubvolume(head, roots);
    if (shown != Subvolume.TOP) {
      notes.add(
          "its default subvolume is number "
              + shown
              + ", which is shown; whatever lies beside it is under /"
              + TOP_NAME);
    }
    Subvolume subvolume =
        Subvolume.find(roots, shown)
            .orElseThrow(
                () -> volume.damaged("tree of roots", 0, "subvolume " + shown + " is not in it"));
    return new BtrfsFileSystem(head, roots, data, subvolume, notes);
  }

  private static void systemChunks(BtrfsSuper head, Chunks chunks) {
    Bytes all = head.systemChunks();
    int at = 0;
    while (at < all.length()) {
      Key key = Key.read(all, at);
      if (key.type() != Key.CHUNK) {
        throw all.damaged("an item of kind " + key.type() + " at " + at);
      }
      at += Key.BYTES;
      at += chunks.add(key.offset(), all.part(at, all.length() - at, "system chunk"));
    }
  }

  private static long defaultSubvolume(BtrfsSuper head, Tree roots) {
    GuestName name = GuestName.of("default");
    return DirectoryItem.find(roots, head.rootDirectory(), name)
        .filter(item -> item.location().type() == Key.ROOT)
        .map(item -> item.location().id())
        .orElse(Subvolume.TOP);
  }

  @Override
  public String type() {
    return "btrfs";
  }

  @Override
  public String label() {
    return head.label();
  }

  @Override
  public String uuid() {
    return head.uuid();
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public GuestFile root() {
    return BtrfsInode.open(this, shown, shown.directory());
  }

  /** The directory above all subvolumes, where {@code from} is another one's root by its name. */
  boolean namesTop(Subvolume from, long inode, GuestName name) {
    return shown.number() != Subvolume.TOP
        && from.number() == shown.number()
        && inode == shown.directory()
        && name.equals(GuestName.of(TOP_NAME));
  }

  BtrfsSuper head() {
    return head;
  }

  Tree roots() {
    return roots;
  }

  Data data() {
    return data;
  }
}
