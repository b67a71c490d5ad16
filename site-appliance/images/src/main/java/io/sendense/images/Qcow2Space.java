package io.sendense.images;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives out the clusters of a new qcow2 file, one after another, and counts who uses them.
 *
 * <p>The file is divided into groups of as many clusters as one block of 16-bit reference counts
 * covers, 2 GiB. A group's block is its first cluster (its second in the first group), so that only
 * the counts of the newest group are in memory. Not thread-safe.
 */
final class Qcow2Space {
  private static final int CLUSTER = Qcow2Header.CLUSTER;
  private static final int GROUP = CLUSTER / 2;

  private final ImageFile file;
  private final List<Long> blocks = new ArrayList<>();
  private final ByteBuffer counts = ByteBuffer.allocate(CLUSTER);
  private long next;
  private long packedAt;

  Qcow2Space(ImageFile file) {
    this.file = file;
    take(0);
    beginGroup();
  }

  /** Groups that a file may come to at the most. */
  static long groupsFor(long imageBytes, boolean packed) {
    long data = Math.ceilDiv(imageBytes, CLUSTER);
    // Second-level tables add 1 in 8192. Packing may leave up to a cluster empty per cluster kept.
    long clusters = data + data / 8192 + 8192;
    return (packed ? 2 * clusters : clusters) / (GROUP - 1) + 2;
  }

  /** Host offset of a fresh cluster that has one user. */
  long cluster() throws IOException {
    if (next % GROUP == 0) {
      endGroup();
      beginGroup();
    }
    return take(next) * CLUSTER;
  }

  /** Host offset of {@code length} fresh bytes that may share their clusters with others. */
  long packed(int length) throws IOException {
    boolean room = packedAt % CLUSTER != 0;
    boolean follows = packedAt / CLUSTER == next - 1 && next % GROUP != 0;
    int left = CLUSTER - (int) (packedAt % CLUSTER);
    if (!room || (length > left && !follows)) {
      packedAt = cluster();
    } else {
      count(packedAt / CLUSTER);
      if (length > left) {
        take(next);
      }
    }
    long at = packedAt;
    packedAt += length;
    return at;
  }

  /** Writes the last counts and the table that finds them, and gives the file its full length. */
  void finish(long tableOffset) throws IOException {
    endGroup();
    ByteBuffer table = ByteBuffer.allocate(blocks.size() * 8);
    blocks.forEach(table::putLong);
    file.write(tableOffset, table.flip());
    file.extend(next * CLUSTER);
  }

  private long take(long cluster) {
    count(cluster);
    next = cluster + 1;
    return cluster;
  }

  private void count(long cluster) {
    int at = (int) (cluster % GROUP) * 2;
    counts.putShort(at, (short) (counts.getShort(at) + 1));
  }

  private void beginGroup() {
    blocks.add(take(next) * CLUSTER);
    packedAt = 0;
  }

  private void endGroup() throws IOException {
    file.write(blocks.getLast(), counts.duplicate().clear());
    java.util.Arrays.fill(counts.array(), (byte) 0);
  }
}
