package io.sendense.recovery.xfs;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** An XFS file system. A log that was not emptied is noted and not replayed. */
public final class XfsFileSystem implements GuestFileSystem {
  private final Volume volume;
  private final XfsSuper head;
  private final List<String> notes;

  private XfsFileSystem(Volume volume, XfsSuper head, List<String> notes) {
    this.volume = volume;
    this.head = head;
    this.notes = List.copyOf(notes);
  }

  /** Whether the source begins as one of these does. */
  public static boolean isThere(BlockSource source) {
    return source.sizeBytes() >= 512
        && new Volume(source, "XFS").read(0, 4, "super block").has(0, "XFSB");
  }

  /**
   * @throws io.sendense.domain.SendenseException GUEST_DAMAGED, GUEST_UNSUPPORTED
   */
  public static XfsFileSystem open(BlockSource source) {
    Volume volume = new Volume(source, "XFS");
    XfsSuper head = XfsSuper.read(volume);
    List<String> notes = new ArrayList<>();
    if (head.needsRepair) {
      notes.add("it says of itself that it needs xfs_repair");
    }
    if (!XfsLog.clean(volume, head)) {
      notes.add(
          "its log was not empty and is not replayed: changes of the last seconds may be missing"
              + " or half done");
    }
    return new XfsFileSystem(volume, head, notes);
  }

  @Override
  public String type() {
    return "xfs";
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
  public OptionalLong freeBytes() {
    return OptionalLong.of(
        Math.clamp(head.bytes.i64(144), 0, Long.MAX_VALUE / head.blockBytes) * head.blockBytes);
  }

  @Override
  public GuestFile root() {
    return inode(head.rootInode);
  }

  Volume volume() {
    return volume;
  }

  XfsSuper head() {
    return head;
  }

  Bytes block(long block, String what) {
    return volume.read(head.place(block, what), head.blockBytes, what).bigEndian();
  }

  XfsInode inode(long number) {
    String what = "inode " + number;
    Bytes bytes = volume.read(head.inodePlace(number), head.inodeBytes, what).bigEndian();
    return new XfsInode(this, number, bytes);
  }
}
