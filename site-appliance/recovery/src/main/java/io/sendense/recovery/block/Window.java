package io.sendense.recovery.block;

import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;

/** A part of a source, such as a partition. As thread-safe as what is beneath. */
public record Window(BlockSource source, long offset, long sizeBytes) implements BlockSource {
  /**
   * @throws SendenseException GUEST_DAMAGED where it does not lie within the source
   */
  public Window {
    if (offset < 0 || sizeBytes < 0 || offset > source.sizeBytes() - sizeBytes) {
      throw Guest.damaged(
          "disk",
          "a part of " + sizeBytes + " bytes",
          offset,
          "it does not lie within the " + source.sizeBytes() + " bytes there are");
    }
  }

  @Override
  public void read(long at, ByteBuffer target) {
    source.read(offset + at, target);
  }
}
