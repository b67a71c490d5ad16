package io.sendense.repository.format;

/**
 * How much of a point's data lies in an archive.
 *
 * @param packs that hold the point's data
 * @param archived of these, not readable and not asked for
 * @param underWay of these, asked for and not readable yet
 * @param bytes length of those that are not readable
 */
public record Recall(int packs, int archived, int underWay, long bytes) {
  /** Whether the point can be restored now. */
  public boolean readable() {
    return archived + underWay == 0;
  }
}
