package io.sendense.repository.remote;

import io.netty.handler.ssl.SslContext;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoredObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Requests and the waiting for their answers, with the one deadline of each. Thread-safe. */
final class Exchange implements AutoCloseable {
  private final RemoteStoreOptions options;
  private final ConnectionPool pool;

  Exchange(RemoteStoreOptions options, SslContext tls) {
    this.options = options;
    this.pool = new ConnectionPool(options, tls);
  }

  String describe() {
    return options.describe();
  }

  /** What the server offers, from a connection that is kept. */
  StoreCapabilities welcome() {
    return new Call(new Message.Bare(Wire.PING), Pending.plain()).welcome();
  }

  <M extends Message> M ask(Message message, Class<M> expected) {
    Call call = new Call(message, Pending.plain());
    return call.run(() -> call.expect(expected));
  }

  void change(Message message) {
    Call call = new Call(message, Pending.plain());
    call.run(
        () -> {
          if (call.expect(Message.Bare.class).type() != Wire.OK) {
            throw call.broken();
          }
          return true;
        });
  }

  byte[] fill(Message message, Pending pending) {
    Call call = new Call(message, pending);
    return call.run(
        () -> {
          call.expect(Message.Size.class);
          return pending.bytes();
        });
  }

  Message.Stored put(Message.Put message, byte[] content, int offset, int length) {
    Call call = new Call(message, Pending.plain());
    return call.run(
        () -> {
          call.await(call.pending.go);
          for (int done = 0; done < length && !call.pending.last.isDone(); ) {
            int part = Math.min(Wire.DATA_BYTES_MAX, length - done);
            call.connection().content(call.pending, content, offset + done, part, call.left());
            done += part;
          }
          return call.expect(Message.Stored.class);
        });
  }

  /** The deadline is for each part, because a listing may be as long as its reader likes. */
  void list(String folder, Consumer<StoredObject> visitor) {
    Call call = new Call(new Message.Listing(folder), Pending.plain());
    call.run(
        () -> {
          while (true) {
            List<StoredObject> part =
                call.pending.items.poll(options.request().toNanos(), TimeUnit.NANOSECONDS);
            if (part == null) {
              throw Failures.tooSlow(describe(), options.request());
            }
            if (part.isEmpty()) {
              if (call.expect(Message.Bare.class).type() != Wire.END) {
                throw call.broken();
              }
              return true;
            }
            part.forEach(visitor);
            call.connection().next(call.pending);
          }
        });
  }

  @Override
  public void close() {
    pool.close();
  }

  /** What a caller does once its request has been sent. */
  @FunctionalInterface
  private interface Wait<T> {
    T run() throws InterruptedException;
  }

  /** One request. */
  private final class Call {
    private final Message message;
    private final Pending pending;
    private final long endNanos = System.nanoTime() + options.request().toNanos();
    private java.util.Optional<ClientConnection> connection = java.util.Optional.empty();

    Call(Message message, Pending pending) {
      this.message = message;
      this.pending = pending;
    }

    StoreCapabilities welcome() {
      try {
        return pool.take().welcome().join().capabilities();
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }

    <T> T run(Wait<T> wait) {
      boolean ended = false;
      try {
        ClientConnection taken = pool.take();
        connection = java.util.Optional.of(taken);
        taken.send(message, pending, left());
        T result = wait.run();
        ended = true;
        return result;
      } catch (InterruptedException e) {
        throw interrupted();
      } finally {
        pending.giveUp();
        if (!ended) {
          connection.ifPresent(taken -> taken.cancel(pending));
        }
      }
    }

    ClientConnection connection() {
      return connection.orElseThrow();
    }

    Duration left() {
      return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    <T> T await(CompletableFuture<T> future) throws InterruptedException {
      try {
        return future.get(left().toNanos(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof SendenseException known
            ? known
            : new IllegalStateException(e);
      } catch (TimeoutException e) {
        throw Failures.tooSlow(describe(), options.request());
      }
    }

    <M extends Message> M expect(Class<M> expected) throws InterruptedException {
      Message answer = await(pending.last);
      if (answer instanceof Message.Failed failed) {
        throw Failures.from(describe(), failed);
      }
      if (!expected.isInstance(answer)) {
        throw broken();
      }
      return expected.cast(answer);
    }

    SendenseException broken() {
      return connection().broken("an answer of another kind");
    }

    private SendenseException interrupted() {
      Thread.currentThread().interrupt();
      return Failures.interrupted(describe());
    }
  }
}
