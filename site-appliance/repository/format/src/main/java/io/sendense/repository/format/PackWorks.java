package io.sendense.repository.format;

import java.util.function.Consumer;

/**
 * What all writers of an open repository share, so that many need little more than one: the memory
 * of packs, the lanes and the threads that store packs. Thread-safe.
 */
final class PackWorks implements AutoCloseable {
  /** Packs stored at once by all writers together. */
  static final int UPLOADS_MAX = 8;

  private final PackMemory memory;
  private final LanePool lanes;
  private final UploadCrew crew;

  PackWorks(Tuning tuning, CodecPool codecs) {
    memory = new PackMemory(tuning.packMemory());
    lanes = new LanePool(tuning.lanes(), codecs);
    crew = new UploadCrew(Math.max(tuning.uploads(), UPLOADS_MAX));
  }

  PackMemory memory() {
    return memory;
  }

  LanePool lanes() {
    return lanes;
  }

  /**
   * Has a pack stored by another thread.
   *
   * @param upload is given a buffer of {@link PackProof#SLICE_BYTES}, and throws nothing
   * @throws java.util.concurrent.RejectedExecutionException after {@link #close}
   */
  void execute(Consumer<byte[]> upload) {
    crew.execute(upload);
  }

  /** Packs on their way are still stored. */
  @Override
  public void close() {
    crew.close();
  }
}
