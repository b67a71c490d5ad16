package io.sendense.repository.remote;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.StoredObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * One request of a client and the way back to it. The worker's methods block; all of them throw
 * {@code CANCELLED} when nobody wants the answer any more.
 */
final class ServerRequest {
  private final int id;
  private final ServerConnection connection;
  private final Duration stall;
  private final Semaphore itemsWanted = new Semaphore(Wire.ITEMS_AHEAD);
  private volatile boolean cancelled;

  // Confined to the event loop.
  private Optional<PutMemory.Share> share = Optional.empty();
  private Optional<IncomingPut> put = Optional.empty();
  private boolean storing;

  ServerRequest(int id, ServerConnection connection, Duration stall) {
    this.id = id;
    this.connection = connection;
    this.stall = stall;
  }

  int id() {
    return id;
  }

  Optional<IncomingPut> put() {
    return put;
  }

  void waitFor(PutMemory.Share asked) {
    share = Optional.of(asked);
  }

  void receive(IncomingPut incoming) {
    put = Optional.of(incoming);
  }

  /** The content is whole; from here on the worker gives the memory back. */
  void storing() {
    storing = true;
  }

  /** Gives the memory of a put back, unless a worker is storing it already. */
  private boolean dropContent() {
    if (storing || share.isEmpty()) {
      return false;
    }
    share.get().release();
    put = Optional.empty();
    return true;
  }

  boolean late(long nowNanos) {
    return put.filter(incoming -> incoming.late(nowNanos)).isPresent();
  }

  boolean wanted() {
    return !cancelled;
  }

  /**
   * The client gave up, or is gone.
   *
   * @return whether content was being waited for, so that nobody else will end the request
   */
  boolean cancel() {
    cancelled = true;
    itemsWanted.release();
    return dropContent();
  }

  /** The client wants one more part of a listing. */
  void next() {
    if (itemsWanted.availablePermits() >= Wire.ITEMS_AHEAD) {
      throw new BrokenProtocol("more NEXT than ITEMS");
    }
    itemsWanted.release();
  }

  void checkWanted() {
    if (cancelled) {
      throw new SendenseException(ErrorCode.CANCELLED, "the client gave the request up", "");
    }
  }

  void items(List<StoredObject> objects) throws InterruptedException {
    if (!itemsWanted.tryAcquire(stall.toMillis(), TimeUnit.MILLISECONDS)) {
      throw tooSlow();
    }
    checkWanted();
    connection.send(id, new Message.Items(objects));
  }

  void size(long length) {
    connection.send(id, new Message.Size(length));
    if (length == 0) {
      connection.ended(id);
    }
  }

  /**
   * @param last the answer ends with these bytes
   */
  void data(byte[] bytes, int offset, int length, boolean last) throws InterruptedException {
    for (int done = 0; done < length; ) {
      checkWanted();
      if (!connection.awaitWritable(stall)) {
        connection.drop("the client does not take what it asked for");
        throw tooSlow();
      }
      int part = Math.min(Wire.DATA_BYTES_MAX, length - done);
      connection.data(id, bytes, offset + done, part, last && done + part == length);
      done += part;
    }
  }

  void end(Message last) {
    connection.end(id, last);
  }

  private static SendenseException tooSlow() {
    return new SendenseException(
        ErrorCode.DEADLINE_EXCEEDED, "the client did not take the answer in time", "");
  }
}
