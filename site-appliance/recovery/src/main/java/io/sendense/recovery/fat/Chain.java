package io.sendense.recovery.fat;

import io.sendense.recovery.fs.MappedContent;
import io.sendense.recovery.fs.MappedContent.Extent;
import java.util.Arrays;

/**
 * The clusters of one file in their order. Every thousandth is remembered, so that a question costs
 * a bounded walk and memory stays small however scattered the file is.
 */
final class Chain implements MappedContent.Mapper {
  private static final int STRIDE = 1024;
  private static final int MOST_TOGETHER = 4096;

  private final FatFileSystem system;
  private final String what;
  private final long length;
  private int[] known = new int[4];
  private int knownCount = 1;

  /**
   * @param length clusters that the file needs
   */
  Chain(FatFileSystem system, int first, long length, String what) {
    this.system = system;
    this.what = what;
    this.length = length;
    known[0] = system.check(first, what);
  }

  @Override
  public Extent at(long offset) {
    int clusterBytes = system.clusterBytes();
    long wanted = offset / clusterBytes;
    if (wanted >= length || wanted > system.clusters()) {
      throw system.volume().damaged(what, 0, "its chain has more clusters than there are");
    }
    long index = Math.min(wanted / STRIDE, knownCount - 1L) * STRIDE;
    int cluster = known[(int) (index / STRIDE)];
    while (index < wanted) {
      cluster = follow(cluster);
      index++;
      remember(index, cluster);
    }
    int first = cluster;
    int count = 1;
    while (count < MOST_TOGETHER && index + count < length) {
      int next = follow(cluster);
      if (next != cluster + 1) {
        break;
      }
      cluster = next;
      count++;
      remember(index + count - 1, cluster);
    }
    return new Extent(wanted * clusterBytes, (long) count * clusterBytes, system.place(first));
  }

  private int follow(int cluster) {
    int next = system.next(cluster, what);
    if (next == 0) {
      throw system
          .volume()
          .damaged(what, system.place(cluster), "its chain of clusters ends early");
    }
    return next;
  }

  private void remember(long index, int cluster) {
    if (index % STRIDE == 0 && index / STRIDE == knownCount) {
      if (knownCount == known.length) {
        known = Arrays.copyOf(known, 2 * knownCount);
      }
      known[knownCount++] = cluster;
    }
  }
}
