package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Crc32c;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A name in a directory, or of an attribute ("On-disk Format", DIR_ITEM, DIR_INDEX, XATTR_ITEM).
 *
 * @param location the key of what it names; of an attribute nothing
 */
record DirectoryItem(Key location, int type, GuestName name, Bytes value) {
  private static final int HEAD = 30;
  private static final int LONGEST_NAME = 255;

  /** All that lie in one item: names whose hashes are equal share one. */
  static List<DirectoryItem> all(Bytes item) {
    List<DirectoryItem> found = new ArrayList<>();
    int at = 0;
    while (at < item.length()) {
      int valueBytes = item.u16(at + 25);
      int nameBytes = item.u16(at + 27);
      if (nameBytes < 1 || nameBytes > LONGEST_NAME) {
        throw item.damaged("a name of " + nameBytes + " bytes");
      }
      found.add(
          new DirectoryItem(
              Key.read(item, at),
              item.u8(at + 29),
              GuestName.of(item.copy(at + HEAD, nameBytes)),
              item.part(at + HEAD + nameBytes, valueBytes, "value of an attribute")));
      at += HEAD + nameBytes + valueBytes;
    }
    return List.copyOf(found);
  }

  static Optional<DirectoryItem> find(Tree tree, long directory, GuestName name) {
    long hash = Crc32c.update(~1, name.bytes()) & 0xFFFF_FFFFL;
    return tree.get(new Key(directory, Key.DIRECTORY_NAME, hash)).stream()
        .flatMap(item -> all(item).stream())
        .filter(item -> item.name().equals(name))
        .findFirst();
  }

  FileKind kind() {
    return FileKind.ofEntry(type);
  }
}
