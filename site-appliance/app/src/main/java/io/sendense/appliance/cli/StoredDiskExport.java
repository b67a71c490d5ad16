package io.sendense.appliance.cli;

import io.sendense.domain.BlockRange;
import io.sendense.nbd.ExportSource;
import io.sendense.repository.format.StoredDisk;
import java.nio.ByteBuffer;
import java.util.List;

/** A stored disk as the NBD server wants it. */
record StoredDiskExport(StoredDisk disk) implements ExportSource {
  @Override
  public long sizeBytes() {
    return disk.sizeBytes();
  }

  /** A chunk: it is decrypted and unpacked straight into the reply, and no part of it twice. */
  @Override
  public int preferredBytes() {
    return disk.chunkBytes();
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    disk.read(offset, target);
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    return disk.allocated(within);
  }
}
