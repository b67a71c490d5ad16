package io.sendense.repository.format;

/**
 * Bounds of one open repository in one process, whatever number of writers it has.
 *
 * @param lanes chunks hashed, compressed and sealed at once
 * @param uploads packs of one writer being stored and proved at once; of all together {@link
 *     PackWorks#UPLOADS_MAX}
 * @param packBytes a pack is closed when it has reached this length; 1 to 48 MiB. Where many write
 *     at once packs are smaller, so that the open ones fit into {@code packMemory}
 * @param indexBytes memory for the table that finds duplicates; when it is full, what is not in it
 *     is stored again, which costs space only
 * @param packMemory bytes of all packs that are being filled, stored or proved
 */
public record Tuning(int lanes, int uploads, int packBytes, long indexBytes, long packMemory) {
  private static final long PACK_MEMORY = 192L << 20;
  private static final long INDEX_MEMORY = 256L << 20;

  public Tuning {
    if (lanes < 1 || lanes > 64 || uploads < 1 || uploads > 64) {
      throw new IllegalArgumentException("lanes and uploads are 1 to 64");
    }
    if (packBytes < 1 << 16 || packBytes > 48 << 20 || indexBytes < 1 << 16) {
      throw new IllegalArgumentException("packBytes " + packBytes + ", indexBytes " + indexBytes);
    }
    if (packMemory < PackBuilder.capacity(packBytes, RepositorySettings.CHUNK_BYTES_MAX)) {
      throw new IllegalArgumentException("packMemory " + packMemory + " holds no pack");
    }
  }

  public Tuning(int lanes, int uploads, int packBytes, long indexBytes) {
    this(lanes, uploads, packBytes, indexBytes, PACK_MEMORY);
  }

  /**
   * One lane per core up to 8, two uploads, packs of 16 MiB, 256 MiB for the duplicate table and
   * 192 MiB for packs, or a quarter each of a smaller heap.
   */
  public static Tuning defaults() {
    int cores = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);
    long quarter = Runtime.getRuntime().maxMemory() / 4;
    return new Tuning(
        cores,
        2,
        16 << 20,
        Math.clamp(quarter, 16L << 20, INDEX_MEMORY),
        Math.clamp(quarter, 32L << 20, PACK_MEMORY));
  }

  public Tuning withPackBytes(int bytes) {
    return new Tuning(lanes, uploads, bytes, indexBytes, packMemory);
  }

  public Tuning withPackMemory(long bytes) {
    return new Tuning(lanes, uploads, packBytes, indexBytes, bytes);
  }
}
