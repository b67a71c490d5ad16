package io.sendense.recovery.ext;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Crc32c;
import io.sendense.recovery.block.Volume;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** An ext2, ext3 or ext4 file system. A journal that was not emptied is replayed in memory. */
public final class ExtFileSystem implements GuestFileSystem {
  private static final long ROOT = 2;

  private final Volume volume;
  private final Super head;
  private final List<String> notes;

  private ExtFileSystem(Volume volume, Super head, List<String> notes) {
    this.volume = volume;
    this.head = head;
    this.notes = List.copyOf(notes);
  }

  /** Whether the source begins as one of these does. */
  public static boolean isThere(BlockSource source) {
    return source.sizeBytes() >= Super.PLACE + Super.LENGTH
        && Super.isThere(new Volume(source, "ext4").read(Super.PLACE, Super.LENGTH, "super block"));
  }

  /**
   * @throws io.sendense.domain.SendenseException GUEST_DAMAGED, GUEST_UNSUPPORTED
   */
  public static ExtFileSystem open(BlockSource source) {
    Volume volume = new Volume(source, "ext4");
    Super head = Super.read(volume);
    List<String> notes = new ArrayList<>();
    if (!head.needsRecovery()) {
      return new ExtFileSystem(volume, head, notes);
    }
    if (head.journalInode().isEmpty()) {
      notes.add(
          "its journal is another device and was not replayed: newest changes may be missing");
      return new ExtFileSystem(volume, head, notes);
    }
    ExtFileSystem before = new ExtFileSystem(volume, head, List.of());
    Journal.Replayed replayed =
        Journal.replay(volume, head.blockBytes, before.inode(head.journalInode().get()).content());
    notes.addAll(replayed.notes());
    Volume after = new Volume(replayed.source(), "ext4");
    return new ExtFileSystem(after, Super.read(after), notes);
  }

  @Override
  public String type() {
    return head.type();
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

  /** Without the blocks that only root may use, so a little less than there is. */
  @Override
  public OptionalLong freeBytes() {
    return OptionalLong.of(Math.max(0, head.freeBlocks()) * head.blockBytes);
  }

  @Override
  public GuestFile root() {
    return inode(ROOT);
  }

  Volume volume() {
    return volume;
  }

  Super head() {
    return head;
  }

  long place(long block, String structure) {
    if (block <= 0 || block >= head.blocks) {
      throw volume.damaged(
          structure, 0, "block " + block + " is not one of the " + head.blocks + " there are");
    }
    return block * head.blockBytes;
  }

  Bytes block(long block, String structure) {
    return volume.read(place(block, structure), head.blockBytes, structure);
  }

  /** An inode by its number (chapter "Index Nodes", "Finding an Inode"). */
  ExtInode inode(long number) {
    if (number < 1 || number > head.inodes) {
      throw volume.damaged("inode " + number, 0, "there are only inodes 1 to " + head.inodes);
    }
    long group = (number - 1) / head.inodesPerGroup;
    long perBlock = head.blockBytes / head.descriptorBytes;
    long at =
        place(head.descriptorBlock(group), "descriptor of group " + group)
            + group % perBlock * head.descriptorBytes;
    Bytes descriptor = volume.read(at, head.descriptorBytes, "descriptor of group " + group);
    long table = descriptor.u32(8) | (head.descriptorBytes >= 64 ? descriptor.u32(0x28) << 32 : 0);
    long offset =
        place(table, "inode table of group " + group)
            + (number - 1) % head.inodesPerGroup * head.inodeBytes;
    Bytes bytes = volume.read(offset, head.inodeBytes, "inode " + number);
    int seed = Crc32c.update(head.checksumSeed, little(number));
    seed = Crc32c.update(seed, bytes.copy(0x64, 4));
    if (head.checksummed()) {
      checkInode(bytes, seed);
    }
    return new ExtInode(this, number, bytes, seed);
  }

  private void checkInode(Bytes bytes, int seed) {
    boolean wide = head.inodeBytes > 128 && bytes.u16(0x80) >= 4;
    int sum = Crc32c.update(bytes.crc32c(seed, 0, 0x7C), (byte) 0, (byte) 0);
    if (wide) {
      sum = bytes.crc32c(sum, 0x7E, 4);
      sum = Crc32c.update(sum, (byte) 0, (byte) 0);
      sum = bytes.crc32c(sum, 0x84, head.inodeBytes - 0x84);
    } else {
      sum = bytes.crc32c(sum, 0x7E, head.inodeBytes - 0x7E);
    }
    int kept = bytes.u16(0x7C) | (wide ? bytes.u16(0x82) << 16 : 0);
    if (kept != (wide ? sum : sum & 0xFFFF)) {
      throw bytes.damaged("its checksum does not match");
    }
  }

  private static byte[] little(long value) {
    return new byte[] {
      (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)
    };
  }
}
