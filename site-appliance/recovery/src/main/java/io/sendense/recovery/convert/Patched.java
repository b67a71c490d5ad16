package io.sendense.recovery.convert;

import io.sendense.recovery.fs.Content;
import io.sendense.recovery.registry.Patch;
import java.nio.ByteBuffer;

/** A file as it will be once it is patched. */
record Patched(Content before, Change change) implements Content {
  @Override
  public long sizeBytes() {
    return change.after();
  }

  @Override
  public Run run(long offset) {
    return new Run(offset, sizeBytes() - offset, true);
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    int length = target.remaining();
    byte[] bytes = new byte[length];
    int there = (int) Math.max(0, Math.min(length, before.sizeBytes() - offset));
    if (there > 0) {
      before.read(offset, ByteBuffer.wrap(bytes, 0, there));
    }
    for (Patch patch : change.patches()) {
      long from = Math.max(offset, patch.offset());
      long to = Math.min(offset + length, patch.end());
      if (from < to) {
        System.arraycopy(
            patch.bytes(),
            (int) (from - patch.offset()),
            bytes,
            (int) (from - offset),
            (int) (to - from));
      }
    }
    target.put(bytes);
  }
}
