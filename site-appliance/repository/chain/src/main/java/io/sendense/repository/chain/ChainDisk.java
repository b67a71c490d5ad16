package io.sendense.repository.chain;

import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.PointDisk;
import io.sendense.repository.format.RootHash;
import io.sendense.repository.format.StoredDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk of a point, read through its chain. */
record ChainDisk(PointDisk disk, Layers layers) implements StoredDisk {
  @Override
  public String name() {
    return disk.name();
  }

  @Override
  public long sizeBytes() {
    return disk.sizeBytes();
  }

  @Override
  public int chunkBytes() {
    return disk.chunkBytes();
  }

  @Override
  public RootHash rootHash() {
    return disk.root();
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    check(offset, target.remaining());
    try {
      layers.read(offset, target);
    } catch (IOException e) {
      throw Failure.of(layers.files().getFirst(), e);
    }
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    check(within.offset(), within.length());
    try {
      return layers.allocated(within);
    } catch (IOException e) {
      throw Failure.of(layers.files().getFirst(), e);
    }
  }

  @Override
  public List<BlockRange> diff(StoredDisk other) {
    throw new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "disks of a qcow2 chain have no trees to be compared by",
        "Compare their content instead.");
  }

  private void check(long offset, long length) {
    if (offset < 0 || offset > sizeBytes() - length) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "bytes ["
              + offset
              + ", "
              + (offset + length)
              + ") are not within disk "
              + name()
              + " of "
              + sizeBytes()
              + " bytes",
          "");
    }
  }
}
