package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The lanes of one writer; how many there are bounds its memory and its threads' work. */
final class LanePool {
  private static final long PATIENCE_SECONDS = 1200;

  private final int count;
  private final BlockingQueue<Lane> idle;

  LanePool(int count, CodecPool codecs) {
    this.count = count;
    idle = new ArrayBlockingQueue<>(count);
    for (int i = 0; i < count; i++) {
      idle.add(new Lane(codecs.borrow()));
    }
  }

  Lane borrow() {
    try {
      Lane lane = idle.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (lane == null) {
        throw new SendenseException(
            ErrorCode.STORE_UNAVAILABLE,
            "the store took no data for " + PATIENCE_SECONDS + " seconds",
            "Check the store's health and the link to it, then run the job again.");
      }
      return lane;
    } catch (InterruptedException e) {
      throw PackUploads.interrupted(e);
    }
  }

  void giveBack(Lane lane) {
    idle.add(lane);
  }

  /** Takes all lanes, so that nobody else works in one; waits for those at work. */
  List<Lane> takeAll() {
    List<Lane> all = new ArrayList<>();
    while (all.size() < count) {
      all.add(borrow());
    }
    return all;
  }
}
