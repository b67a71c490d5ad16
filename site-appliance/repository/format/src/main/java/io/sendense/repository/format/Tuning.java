package io.sendense.repository.format;

/**
 * Bounds of one repository in one process.
 *
 * @param lanes chunks hashed, compressed and sealed at once by a writer; each holds one open pack
 * @param uploads packs being stored or read back at once by a writer
 * @param packBytes a pack is closed when it has reached this length; 1 to 48 MiB
 * @param indexBytes memory for the table that finds duplicates; when it is full, what is not in it
 *     is stored again, which costs space only
 */
public record Tuning(int lanes, int uploads, int packBytes, long indexBytes) {
  public Tuning {
    if (lanes < 1 || lanes > 64 || uploads < 1 || uploads > 64) {
      throw new IllegalArgumentException("lanes and uploads are 1 to 64");
    }
    if (packBytes < 1 << 16 || packBytes > 48 << 20 || indexBytes < 1 << 16) {
      throw new IllegalArgumentException("packBytes " + packBytes + ", indexBytes " + indexBytes);
    }
  }

  /** One lane per core up to 8, two uploads, packs of 16 MiB, 256 MiB for the duplicate table. */
  public static Tuning defaults() {
    int cores = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);
    return new Tuning(cores, 2, 16 << 20, 256L << 20);
  }

  public Tuning withPackBytes(int bytes) {
    return new Tuning(lanes, uploads, bytes, indexBytes);
  }
}
