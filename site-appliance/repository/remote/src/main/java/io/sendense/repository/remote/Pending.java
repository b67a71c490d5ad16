package io.sendense.repository.remote;

import io.netty.buffer.ByteBuf;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.StoredObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for its answer. The event loop fills it, the caller waits on its futures.
 * Once the caller has given up, the loop touches none of the caller's memory.
 */
final class Pending {
  /** Completed by the message that ends the request; SIZE when its last byte is in place. */
  final CompletableFuture<Message> last = new CompletableFuture<>();

  /** Completed by GO, or with {@link #last}. */
  final CompletableFuture<Void> go = new CompletableFuture<>();

  /** Parts of a listing; an empty part says that {@link #last} is complete. */
  final LinkedBlockingQueue<List<StoredObject>> items = new LinkedBlockingQueue<>();

  private final int bytesMax;
  private final boolean exactly;
  private byte @Nullable [] target;
  private int offset;
  private int filled;
  private int announced = -1;
  private boolean givenUp;

  /** Given by the connection that sends it; 0 until then. */
  volatile int id;

  private Pending(byte @Nullable [] target, int offset, int bytesMax, boolean exactly) {
    this.target = target;
    this.offset = offset;
    this.bytesMax = bytesMax;
    this.exactly = exactly;
  }

  /** For an answer without data. */
  static Pending plain() {
    return new Pending(null, 0, -1, false);
  }

  /** For an object of unknown length. */
  static Pending whole(int bytesMax) {
    return new Pending(null, 0, bytesMax, false);
  }

  /** For exactly so many bytes, which go into the array. */
  static Pending into(byte[] target, int offset, int length) {
    return new Pending(target, offset, length, true);
  }

  /** The caller waits no longer; its array is its own again. */
  synchronized void giveUp() {
    givenUp = true;
    target = null;
  }

  /** The bytes of an object of unknown length, after {@link #last}. */
  synchronized byte[] bytes() {
    byte[] all = target;
    return all == null ? new byte[0] : all;
  }

  void fail(SendenseException why) {
    last.completeExceptionally(why);
    go.completeExceptionally(why);
    items.add(List.of());
  }

  /** Takes a message on the loop; returns whether it was the last one. */
  boolean take(Message message) {
    switch (message) {
      case Message.Bare(int type) when type == Wire.GO -> {
        go.complete(null);
        return false;
      }
      case Message.Items part -> {
        if (part.objects().isEmpty() || items.size() > Wire.ITEMS_AHEAD) {
          throw new BrokenProtocol("an empty part of a listing, or one too many");
        }
        items.add(part.objects());
        return false;
      }
      case Message.Size size -> {
        return announce(size);
      }
      default -> {
        end(message);
        return true;
      }
    }
  }

  private synchronized boolean announce(Message.Size size) {
    boolean fits = exactly ? size.length() == bytesMax : size.length() <= bytesMax;
    if (announced >= 0 || !fits) {
      throw new BrokenProtocol(size.length() + " bytes announced, " + bytesMax + " asked for");
    }
    announced = (int) size.length();
    if (target == null && !givenUp) {
      target = new byte[announced];
      offset = 0;
    }
    if (announced == 0) {
      end(size);
    }
    return announced == 0;
  }

  synchronized void expect(int length) {
    if (length > announced - filled) {
      throw new BrokenProtocol("more bytes than were announced");
    }
  }

  synchronized void data(ByteBuf in, int length) {
    byte[] into = target;
    if (into == null) {
      in.skipBytes(length);
    } else {
      in.readBytes(into, offset + filled, length);
    }
    filled += length;
  }

  /** Returns whether the last byte is in place. */
  boolean dataEnds() {
    boolean whole;
    synchronized (this) {
      whole = filled == announced;
    }
    if (whole) {
      end(new Message.Size(filled));
    }
    return whole;
  }

  private void end(Message message) {
    last.complete(message);
    go.complete(null);
    items.add(List.of());
  }
}
