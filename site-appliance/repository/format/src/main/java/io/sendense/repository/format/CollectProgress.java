package io.sendense.repository.format;

/**
 * Hears how far a collection has come. Called on the collector's thread, as often as it gets on.
 */
@FunctionalInterface
public interface CollectProgress {
  CollectProgress NONE = (stage, doneBytes, totalBytes) -> {};

  /** What a collection does, in this order; a stage that has nothing to do is left out. */
  enum Stage {
    /** The trees of all points are walked; bytes are those of their disks, holes included. */
    WALK,
    /** What is wanted of mostly dead packs is copied; bytes are those of the blobs. */
    REWRITE,
    /** Packs that nothing needs are deleted; bytes are theirs. */
    DELETE
  }

  /**
   * @param totalBytes the same during one stage
   */
  void at(Stage stage, long doneBytes, long totalBytes);

  /** Counts up through one stage. One thread's. */
  final class Meter {
    private final CollectProgress progress;
    private final Stage stage;
    private final long total;
    private long done;

    Meter(CollectProgress progress, Stage stage, long total) {
      this.progress = progress;
      this.stage = stage;
      this.total = total;
    }

    void add(long bytes) {
      done = Math.min(total, done + bytes);
      progress.at(stage, done, total);
    }
  }
}
