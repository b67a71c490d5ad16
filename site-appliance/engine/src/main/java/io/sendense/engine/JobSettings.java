package io.sendense.engine;

/**
 * Bounds of a job.
 *
 * @param threads that read and process chunks at once; each holds one chunk
 * @param sampleChunks per disk and incremental, read although the tracker says they are unchanged
 * @param scripts that the site runs around a backup
 * @param source how fast a backup may read
 */
public record JobSettings(int threads, int sampleChunks, Scripts scripts, Bandwidth source) {
  public JobSettings {
    if (threads < 1 || threads > 64 || sampleChunks < 0 || sampleChunks > 1 << 20) {
      throw new IllegalArgumentException("threads " + threads + ", sampleChunks " + sampleChunks);
    }
  }

  public JobSettings(int threads, int sampleChunks) {
    this(threads, sampleChunks, Scripts.NONE, Bandwidth.UNLIMITED);
  }

  /** With so many threads. */
  public JobSettings withThreads(int other) {
    return new JobSettings(other, sampleChunks, scripts, source);
  }

  /** With as many threads where there are fewer: for a job that waits rather than computes. */
  public JobSettings withThreadsAtLeast(int least) {
    return new JobSettings(Math.max(least, threads), sampleChunks, scripts, source);
  }

  public JobSettings withScripts(Scripts others) {
    return new JobSettings(threads, sampleChunks, others, source);
  }

  public JobSettings withSource(Bandwidth other) {
    return new JobSettings(threads, sampleChunks, scripts, other);
  }

  /**
   * Two threads per core, so that one reads while the other hashes; 32 samples, which finds a
   * tracker that misses a tenth of a disk 97 times in 100 each time.
   */
  public static JobSettings defaults() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new JobSettings(Math.clamp(2L * cores, 2, 16), 32);
  }
}
