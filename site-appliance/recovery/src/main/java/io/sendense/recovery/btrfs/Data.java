package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Content of files by its address, each sector proved by its checksum where it has one. */
final class Data {
  private static final long SUMS_ID = -10;
  private static final int PIECE = 1 << 20;

  private final Volume volume;
  private final BtrfsSuper head;
  private final Chunks chunks;
  private final Tree sums;
  private Tree.@Nullable Item last;

  Data(Volume volume, BtrfsSuper head, Chunks chunks, Tree sums) {
    this.volume = volume;
    this.head = head;
    this.chunks = chunks;
    this.sums = sums;
  }

  /**
   * Fills the buffer.
   *
   * @param summed whether the sectors are kept with checksums
   * @param what it is, for errors
   */
  void read(long logical, ByteBuffer target, boolean summed, String what) {
    long at = logical;
    while (target.hasRemaining()) {
      int lead = (int) (at % head.sectorBytes);
      int wanted = Math.min(target.remaining(), PIECE - lead);
      int sectors = (lead + wanted + head.sectorBytes - 1) / head.sectorBytes;
      Chunks.Places places = chunks.places(at - lead, what);
      long whole = Math.min((long) sectors * head.sectorBytes, places.length());
      if (whole % head.sectorBytes != 0) {
        throw volume.damaged(what, places.at().getFirst(), "a chunk that ends within a sector");
      }
      byte[] piece = sound(at - lead, (int) whole, places, summed, what);
      int count = Math.min(wanted, piece.length - lead);
      target.put(piece, lead, count);
      at += count;
    }
  }

  private byte[] sound(
      long logical, int length, Chunks.Places places, boolean summed, String what) {
    byte[] expected = summed ? sums(logical, length / head.sectorBytes, what) : new byte[0];
    for (long place : places.at()) {
      if (place > volume.sizeBytes() - length) {
        continue;
      }
      byte[] piece = new byte[length];
      volume.read(place, ByteBuffer.wrap(piece));
      if (!summed || matches(piece, expected)) {
        return piece;
      }
    }
    throw volume.damaged(what, places.at().getFirst(), "its content does not match its checksums");
  }

  private boolean matches(byte[] piece, byte[] expected) {
    int width = head.sum.bytes();
    for (int i = 0; i * head.sectorBytes < piece.length; i++) {
      byte[] sum = head.sum.over(piece, i * head.sectorBytes, head.sectorBytes);
      if (!Arrays.equals(sum, 0, width, expected, i * width, (i + 1) * width)) {
        return false;
      }
    }
    return true;
  }

  private byte[] sums(long logical, int sectors, String what) {
    int width = head.sum.bytes();
    byte[] found = new byte[sectors * width];
    int done = 0;
    while (done < sectors) {
      long at = logical + (long) done * head.sectorBytes;
      Tree.Item item = item(at, what);
      int first = (int) ((at - item.key().offset()) / head.sectorBytes);
      int count = Math.min(sectors - done, item.bytes().length() / width - first);
      System.arraycopy(
          item.bytes().copy(first * width, count * width), 0, found, done * width, count * width);
      done += count;
    }
    return found;
  }

  private Tree.Item item(long at, String what) {
    Tree.Item known = last;
    if (known != null && holds(known, at)) {
      return known;
    }
    Optional<Tree.Item> found = sums.last(new Key(SUMS_ID, Key.SUMS, at));
    if (found.isEmpty() || !holds(found.get(), at)) {
      throw volume.damaged(what, 0, "there is no checksum of what lies at " + at);
    }
    last = found.get();
    return found.get();
  }

  private boolean holds(Tree.Item item, long at) {
    Bytes bytes = item.bytes();
    long within = at - item.key().offset();
    return item.key().of(SUMS_ID, Key.SUMS)
        && within >= 0
        && within % head.sectorBytes == 0
        && within / head.sectorBytes < bytes.length() / head.sum.bytes();
  }
}
