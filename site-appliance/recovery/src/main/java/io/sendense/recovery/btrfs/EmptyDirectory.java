package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Guest;
import io.sendense.recovery.fs.Attributes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.Xattr;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What stands in a snapshot for a subvolume of its original; Linux shows the same. */
record EmptyDirectory(long id, Instant time) implements GuestFile {
  private static final int MODE = 0755;

  @Override
  public Attributes attributes() {
    return new Attributes(
        FileKind.DIRECTORY, id, 0, MODE, true, 0, 0, 1, time, time, time, Optional.empty(), 0, 0);
  }

  @Override
  public Content content() {
    throw Guest.damaged("btrfs", "empty directory", 0, "a directory was asked for its content");
  }

  @Override
  public void entries(Entry.Visitor visitor) {}

  @Override
  public byte[] target() {
    throw Guest.damaged("btrfs", "empty directory", 0, "it is no symbolic link");
  }

  @Override
  public List<Xattr> xattrs() {
    return List.of();
  }
}
