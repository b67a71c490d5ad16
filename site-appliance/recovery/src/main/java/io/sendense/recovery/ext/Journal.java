package io.sendense.recovery.ext;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Crc32c;
import io.sendense.recovery.block.Volume;
import io.sendense.recovery.fs.Content;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The journal (chapter "Journal (jbd2)"), replayed as recovery would: every committed transaction,
 * in order, but for blocks that a later one revoked. Nothing is written: the outcome says which
 * block of the journal stands for which of the volume.
 */
final class Journal {
  private static final long MAGIC = 0xC03B_3998L;
  private static final int DESCRIPTOR = 1;
  private static final int COMMIT = 2;
  private static final int REVOKE = 5;
  private static final int WIDE = 0x2;
  private static final int CSUM_2 = 0x8;
  private static final int CSUM_3 = 0x10;
  private static final int FAST_COMMIT = 0x20;
  private static final int KNOWN = 0x3F;
  private static final int ESCAPED = 0x1;
  private static final int SAME_UUID = 0x2;
  private static final int DELETED = 0x4;
  private static final int LAST = 0x8;
  // A gibibyte of 1 KiB blocks, the largest journal that mke2fs makes, in some 60 MB of memory.
  private static final int MOST_BLOCKS = 1 << 20;

  private final Content log;
  private final Bytes head;
  private final int blockBytes;
  private final long first;
  private final long end;
  private final int features;
  private final int seed;

  /** A block of the log that stands for one of the volume. */
  private record Copy(long block, long at, boolean escaped, int sequence) {}

  record Replayed(JournalledSource source, List<String> notes) {}

  private Journal(Volume volume, int blockBytes, Content log) {
    this.log = log;
    this.blockBytes = blockBytes;
    byte[] start = new byte[1024];
    if (log.sizeBytes() < start.length) {
      throw volume.damaged("journal", 0, "it has only " + log.sizeBytes() + " bytes");
    }
    log.read(0, ByteBuffer.wrap(start));
    head = Bytes.of(start, "ext4", "super block of the journal", 0).bigEndian();
    long type = head.u32(4);
    if (head.u32(0) != MAGIC || (type != 3 && type != 4)) {
      throw head.damaged("it is not one");
    }
    features = type == 4 ? head.i32(0x28) : 0;
    if ((features & ~KNOWN) != 0) {
      throw volume.unsupported(
          "the journal asks for features that are not known here: 0x"
              + Integer.toHexString(features));
    }
    first = head.u32(0x14);
    end = head.u32(0x10) - ((features & FAST_COMMIT) != 0 ? fastBlocks() : 0);
    if (head.u32(0xC) != blockBytes
        || first < 1
        || end <= first
        || end > log.sizeBytes() / blockBytes) {
      throw head.damaged("blocks " + first + " to " + end + " of " + head.u32(0xC) + " bytes");
    }
    seed = Crc32c.update(-1, head.copy(0x30, 16));
  }

  private long fastBlocks() {
    long told = head.u32(0x54);
    return told == 0 ? 256 : told;
  }

  static Replayed replay(Volume volume, int blockBytes, Content log) {
    Journal journal = new Journal(volume, blockBytes, log);
    List<String> notes = new ArrayList<>();
    Map<Long, JournalledSource.Place> replaced = journal.committed(notes);
    notes.addFirst(
        "its journal was not empty and was replayed in memory: "
            + replaced.size()
            + " blocks replaced");
    if ((journal.features & FAST_COMMIT) != 0) {
      notes.add("fast commits are not replayed: changes of the last seconds may be missing");
    }
    return new Replayed(
        new JournalledSource(volume.source(), log, blockBytes, replaced), List.copyOf(notes));
  }

  private Map<Long, JournalledSource.Place> committed(List<String> notes) {
    List<Copy> done = new ArrayList<>();
    Map<Long, Integer> revoked = new HashMap<>();
    List<Copy> open = new ArrayList<>();
    Map<Long, Integer> openRevoked = new HashMap<>();
    int sequence = head.i32(0x18);
    long at = head.u32(0x1C);
    // Every block of the log is looked at no more than once.
    long left = at == 0 ? 0 : end - first;
    if (at != 0 && (at < first || at >= end)) {
      throw head.damaged("the log begins at block " + at);
    }
    while (left > 0) {
      Bytes block = block(at);
      if (block.u32(0) != MAGIC || block.i32(8) != sequence) {
        break;
      }
      left--;
      int type = block.i32(4);
      long next = step(at, 1);
      if (type == DESCRIPTOR) {
        if (!sound(block)) {
          notes.add("the journal ends at a descriptor whose checksum does not match");
          break;
        }
        long blocks = descriptor(block, at, sequence, open, left, notes);
        left -= blocks;
        next = step(next, blocks);
      } else if (type == REVOKE) {
        if (!sound(block)) {
          notes.add("the journal ends at a revocation whose checksum does not match");
          break;
        }
        revoke(block, sequence, openRevoked);
      } else if (type == COMMIT) {
        if (!soundCommit(block)) {
          notes.add("the journal ends at a commit whose checksum does not match");
          break;
        }
        done.addAll(open);
        revoked.putAll(openRevoked);
        open.clear();
        openRevoked.clear();
        sequence++;
      } else {
        break;
      }
      at = next;
    }
    Map<Long, JournalledSource.Place> replaced = new HashMap<>();
    for (Copy copy : done) {
      Integer until = revoked.get(copy.block());
      if (until == null || until - copy.sequence() < 0) {
        replaced.put(copy.block(), new JournalledSource.Place(copy.at(), copy.escaped()));
      }
    }
    return replaced;
  }

  /** How many blocks of the log follow the descriptor. */
  private long descriptor(
      Bytes block, long place, int sequence, List<Copy> open, long left, List<String> notes) {
    boolean third = (features & CSUM_3) != 0;
    boolean wide = (features & WIDE) != 0;
    int tagBytes = third ? 16 : 8 + (wide ? 4 : 0) + ((features & CSUM_2) != 0 ? 2 : 0);
    int limit = blockBytes - ((features & (CSUM_2 | CSUM_3)) != 0 ? 4 : 0);
    int at = 12;
    long count = 0;
    while (at + tagBytes <= limit) {
      int flags = third ? block.i32(at + 4) : block.u16(at + 6);
      long target = block.u32(at) | (wide ? block.u32(at + 8) << 32 : 0);
      count++;
      if (count > left || open.size() >= MOST_BLOCKS) {
        throw block.damaged("a transaction is longer than the journal");
      }
      long from = step(place, count) * blockBytes;
      if ((flags & DELETED) == 0) {
        if (third && !soundCopy(from, sequence, block.i32(at + 12))) {
          notes.add(
              "the journal's copy of block " + target + " fails its checksum and was left out");
        } else {
          open.add(new Copy(target, from, (flags & ESCAPED) != 0, sequence));
        }
      }
      if ((flags & LAST) != 0) {
        break;
      }
      at += tagBytes + ((flags & SAME_UUID) != 0 ? 0 : 16);
    }
    return count;
  }

  private void revoke(Bytes block, int sequence, Map<Long, Integer> revoked) {
    int width = (features & WIDE) != 0 ? 8 : 4;
    int used = block.i32(12);
    if (used < 16 || used > blockBytes) {
      throw block.damaged("a revocation of " + used + " bytes");
    }
    for (int at = 16; at + width <= used; at += width) {
      if (revoked.size() >= MOST_BLOCKS) {
        throw block.damaged("more is revoked than a journal can hold");
      }
      revoked.put(width == 8 ? block.i64(at) : block.u32(at), sequence);
    }
  }

  private boolean sound(Bytes block) {
    return (features & (CSUM_2 | CSUM_3)) == 0
        || Crc32c.update(block.crc32c(seed, 0, blockBytes - 4), new byte[4])
            == block.i32(blockBytes - 4);
  }

  private boolean soundCommit(Bytes block) {
    if ((features & (CSUM_2 | CSUM_3)) == 0) {
      return true;
    }
    int sum = Crc32c.update(block.crc32c(seed, 0, 16), new byte[4]);
    return block.crc32c(sum, 20, blockBytes - 20) == block.i32(16);
  }

  private boolean soundCopy(long from, int sequence, int kept) {
    byte[] bytes = new byte[blockBytes];
    log.read(from, ByteBuffer.wrap(bytes));
    int sum = Crc32c.update(seed, ByteBuffer.allocate(4).putInt(sequence).array());
    return Crc32c.update(sum, bytes) == kept;
  }

  private long step(long from, long by) {
    long at = from + by;
    return at >= end ? first + (at - end) : at;
  }

  private Bytes block(long number) {
    byte[] bytes = new byte[blockBytes];
    log.read(number * blockBytes, ByteBuffer.wrap(bytes));
    return Bytes.of(bytes, "ext4", "block " + number + " of the journal", 0).bigEndian();
  }
}
