package io.sendense.recovery.ext;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.fs.Content;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The volume as it is once its journal was replayed. For one thread at a time. */
final class JournalledSource implements BlockSource {
  // The first four bytes of a block that would look like the journal's own are zeroed in it.
  private static final byte[] MAGIC = {(byte) 0xC0, 0x3B, 0x39, (byte) 0x98};

  private final BlockSource source;
  private final Content log;
  private final int blockBytes;
  private final Map<Long, Place> replaced;

  /**
   * @param at offset in the log
   */
  record Place(long at, boolean escaped) {}

  JournalledSource(BlockSource source, Content log, int blockBytes, Map<Long, Place> replaced) {
    this.source = source;
    this.log = log;
    this.blockBytes = blockBytes;
    this.replaced = Map.copyOf(replaced);
  }

  @Override
  public long sizeBytes() {
    return source.sizeBytes();
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    int limit = target.limit();
    long at = offset;
    while (target.position() < limit) {
      Place place = replaced.get(at / blockBytes);
      int within = (int) (at % blockBytes);
      int count = Math.min(limit - target.position(), blockBytes - within);
      if (place == null) {
        count = untilReplaced(at, count, limit - target.position());
        target.limit(target.position() + count);
        source.read(at, target);
        target.limit(limit);
      } else {
        copy(place, within, count, target);
      }
      at += count;
    }
  }

  private int untilReplaced(long at, int count, int most) {
    int reached = count;
    while (reached < most) {
      @Nullable Place next = replaced.get((at + reached) / blockBytes);
      if (next != null) {
        return reached;
      }
      reached = Math.min(most, reached + blockBytes);
    }
    return reached;
  }

  private void copy(Place place, int within, int count, ByteBuffer target) {
    byte[] block = new byte[blockBytes];
    log.read(place.at(), ByteBuffer.wrap(block));
    if (place.escaped()) {
      System.arraycopy(MAGIC, 0, block, 0, MAGIC.length);
    }
    target.put(block, within, count);
  }
}
