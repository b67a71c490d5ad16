package io.sendense.appliance.cli;

import io.sendense.recovery.block.BlockSource;
import io.sendense.repository.format.StoredDisk;
import java.nio.ByteBuffer;

/** A stored disk as the readers of guest file systems want it. */
record StoredDiskBlocks(StoredDisk disk) implements BlockSource {
  @Override
  public long sizeBytes() {
    return disk.sizeBytes();
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    disk.read(offset, target);
  }
}
