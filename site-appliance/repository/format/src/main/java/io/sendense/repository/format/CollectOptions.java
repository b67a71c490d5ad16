package io.sendense.repository.format;

import java.nio.file.Path;

/**
 * How a repository is collected.
 *
 * @param dryRun find out and tell, and change nothing
 * @param wantedPercent a pack is rewritten where less of it than this is wanted; 0 to 95, 0 for
 *     never
 * @param rewriteBytesMax how much is copied in one run at most; the rest is for the next
 * @param scratch a folder that is there, for ids where they are many; nothing stays in it
 */
public record CollectOptions(
    boolean dryRun, int wantedPercent, long rewriteBytesMax, Path scratch) {
  public CollectOptions {
    if (wantedPercent < 0 || wantedPercent > 95) {
      throw new IllegalArgumentException("a share is 0 to 95 percent, got " + wantedPercent);
    }
    if (rewriteBytesMax < 0) {
      throw new IllegalArgumentException("negative bytes: " + rewriteBytesMax);
    }
  }

  /** Rewrites packs of which less than half is wanted, 256 GiB in a run. */
  public static CollectOptions defaults() {
    return new CollectOptions(false, 50, 256L << 30, Path.of(System.getProperty("java.io.tmpdir")));
  }

  public CollectOptions withDryRun(boolean dry) {
    return new CollectOptions(dry, wantedPercent, rewriteBytesMax, scratch);
  }

  public CollectOptions withWantedPercent(int percent) {
    return new CollectOptions(dryRun, percent, rewriteBytesMax, scratch);
  }

  public CollectOptions withScratch(Path folder) {
    return new CollectOptions(dryRun, wantedPercent, rewriteBytesMax, folder);
  }
}
