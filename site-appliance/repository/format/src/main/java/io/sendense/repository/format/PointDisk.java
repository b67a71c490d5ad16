package io.sendense.repository.format;

/**
 * One disk of a restore point.
 *
 * @param name stable name within the virtual machine
 * @param sizeBytes size of the disk
 * @param chunkBytes chunk size of the disk's whole lineage, a power of two
 * @param root proof of the whole content
 */
public record PointDisk(String name, long sizeBytes, int chunkBytes, RootHash root) {
  /** Number of chunks; the last one may reach beyond the disk's end and is padded with zeros. */
  public long chunks() {
    return Math.ceilDiv(sizeBytes, chunkBytes);
  }
}
