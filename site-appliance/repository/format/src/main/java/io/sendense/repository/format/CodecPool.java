package io.sendense.repository.format;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Lends codecs; keeps a bounded number of idle ones. Thread-safe. */
final class CodecPool implements AutoCloseable {
  private static final int IDLE_MAX = 16;

  private final Keys keys;
  private final ConcurrentLinkedDeque<BlobCodec> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger idleCount = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();

  CodecPool(Keys keys) {
    this.keys = keys;
  }

  Keys keys() {
    return keys;
  }

  BlobCodec borrow() {
    BlobCodec codec = idle.pollFirst();
    if (codec == null) {
      return new BlobCodec(keys);
    }
    idleCount.decrementAndGet();
    return codec;
  }

  void giveBack(BlobCodec codec) {
    if (closed.get() || idleCount.incrementAndGet() > IDLE_MAX) {
      if (!closed.get()) {
        idleCount.decrementAndGet();
      }
      codec.close();
      return;
    }
    idle.addFirst(codec);
  }

  @Override
  public void close() {
    closed.set(true);
    for (BlobCodec codec = idle.pollFirst(); codec != null; codec = idle.pollFirst()) {
      codec.close();
    }
  }
}
