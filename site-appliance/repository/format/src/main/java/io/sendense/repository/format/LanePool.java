package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lends codecs to threads on whose chunks work goes on, and no more than a bound at once: more
 * would need memory and be no faster. Thread-safe.
 */
final class LanePool {
  private static final long PATIENCE_SECONDS = 1200;

  private final CodecPool codecs;
  private final Semaphore free;

  LanePool(int count, CodecPool codecs) {
    this.codecs = codecs;
    free = new Semaphore(count);
  }

  BlobCodec borrow() {
    try {
      if (!free.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new SendenseException(
            ErrorCode.STORE_UNAVAILABLE,
            "the store took no data for " + PATIENCE_SECONDS + " seconds",
            "Check the store's health and the link to it, then run the job again.");
      }
    } catch (InterruptedException e) {
      throw PackUploads.interrupted(e);
    }
    try {
      return codecs.borrow();
    } catch (RuntimeException | Error e) {
      free.release();
      throw e;
    }
  }

  void giveBack(BlobCodec codec) {
    codecs.giveBack(codec);
    free.release();
  }
}
