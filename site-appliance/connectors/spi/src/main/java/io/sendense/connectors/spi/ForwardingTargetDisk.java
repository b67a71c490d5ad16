package io.sendense.connectors.spi;

import io.sendense.domain.BlockRange;
import java.nio.ByteBuffer;
import java.util.List;

/** Another disk in all but what a subclass does otherwise, which is what {@link #finish} means. */
public abstract class ForwardingTargetDisk implements TargetDisk {
  private final TargetDisk disk;

  protected ForwardingTargetDisk(TargetDisk disk) {
    this.disk = disk;
  }

  @Override
  public long sizeBytes() {
    return disk.sizeBytes();
  }

  @Override
  public boolean ascending() {
    return disk.ascending();
  }

  @Override
  public void write(long offset, ByteBuffer source) {
    disk.write(offset, source);
  }

  @Override
  public boolean writesThrough(long offset, int length) {
    return disk.writesThrough(offset, length);
  }

  @Override
  public void readBack(long offset, ByteBuffer target) {
    disk.readBack(offset, target);
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    return disk.allocated(within);
  }

  @Override
  public void flush() {
    disk.flush();
  }

  @Override
  public void close() {
    disk.close();
  }

  @Override
  public void finish() {
    disk.finish();
  }
}
