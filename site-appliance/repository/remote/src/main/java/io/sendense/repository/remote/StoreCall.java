package io.sendense.repository.remote;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectHash;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Does on the store what a request asks, if the peer may, and answers it. On a worker. */
final class StoreCall {
  private static final System.Logger LOG = System.getLogger(StoreCall.class.getName());
  private static final int SLICE_BYTES = 1 << 20;

  private final Session session;
  private final ServerRequest request;
  private final Supplier<ObjectHash> newHash;

  StoreCall(Session session, ServerRequest request, Supplier<ObjectHash> newHash) {
    this.session = session;
    this.request = request;
    this.newHash = newHash;
  }

  /** Runs something that answers the request, and answers it with what that throws. */
  void guarded(Work work) {
    try {
      request.checkWanted();
      work.run();
    } catch (SendenseException e) {
      fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(new SendenseException(ErrorCode.CANCELLED, "the server is ending", ""));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a request failed", e);
      fail(new SendenseException(ErrorCode.INTERNAL, "a defect of the server", "Look at its log."));
    }
  }

  private void fail(SendenseException why) {
    request.end(session.failed(why));
  }

  /** What may block and fail. */
  @FunctionalInterface
  interface Work {
    void run() throws InterruptedException;
  }

  void answer(Message message) throws InterruptedException {
    ObjectStore store = session.store();
    switch (message) {
      case Message.PutSmall put -> {
        checkPut(put.name(), put.content().length, put.lock().isPresent());
        stored(store.put(put.name(), put.content(), 0, put.content().length, put.lock()));
      }
      case Message.Get get -> {
        session.require(Right.READ, "read");
        long length = lengthOf(get.name());
        if (length > get.bytesMax()) {
          throw StoreFailure.badRange(session.repository(), get.name(), 0, get.bytesMax(), length);
        }
        stream(get.name(), 0, length);
      }
      case Message.Read read -> {
        session.require(Right.READ, "read");
        long length = lengthOf(read.name());
        if (read.position() > length - read.length()) {
          throw StoreFailure.badRange(
              session.repository(), read.name(), read.position(), read.length(), length);
        }
        stream(read.name(), read.position(), read.length());
      }
      case Message.Listing listing -> {
        session.require(Right.READ, "list");
        list(listing.folder());
      }
      case Message.Named named -> named(named.type(), named.name());
      case Message.ExtendLock extend -> {
        session.require(Right.LOCK, "lock");
        store.extendLock(extend.name(), extend.lock());
        done();
      }
      case Message.Hold hold -> {
        session.require(
            hold.held() ? Right.LOCK : Right.RELEASE, hold.held() ? "hold" : "lift a hold");
        store.setLegalHold(hold.name(), hold.held());
        done();
      }
      case Message.Move move -> {
        if (!session.offered().tiers().contains(move.tier())) {
          throw StoreFailure.unsupported(session.repository(), "the tier " + move.tier());
        }
        // Also back to hot, which costs money where the object lies in an archive.
        session.require(Right.TIER, "move objects between tiers");
        store.moveTo(move.name(), move.tier());
        done();
      }
      default -> throw new IllegalArgumentException("not a request: " + message);
    }
  }

  /** What is known before a put's content comes: saves sending it in vain. */
  void checkPut(Message.Put put) {
    checkPut(put.name(), put.length(), put.lock().isPresent());
    if (session.store().stat(put.name()).isPresent()) {
      throw StoreFailure.exists(session.repository(), put.name());
    }
  }

  void put(Message.Put put, byte[] content) {
    stored(session.store().put(put.name(), content, 0, (int) put.length(), put.lock()));
  }

  private void checkPut(ObjectName name, long length, boolean locked) {
    session.require(Right.ADD, "put objects");
    if (locked && session.offered().lockModes().isEmpty()) {
      throw StoreFailure.unsupported(session.repository(), "object lock");
    }
    session.requireRoom(name, length);
  }

  private void named(int type, ObjectName name) throws InterruptedException {
    ObjectStore store = session.store();
    if (type == Wire.DELETE) {
      session.requireDelete(name);
      store.delete(name);
      done();
      return;
    }
    session.require(Right.READ, "read");
    switch (type) {
      case Wire.STAT -> store.stat(name).ifPresentOrElse(this::stored, this::absent);
      case Wire.SUM -> request.end(new Message.SumIs(Optional.of(sum(name))));
      case Wire.LOCK_STATE -> request.end(new Message.LockIs(store.lockState(name)));
      case Wire.TIER_STATE -> request.end(new Message.TierIs(store.tierState(name)));
      default -> throw new IllegalArgumentException("not a request: " + type);
    }
  }

  /** Of what the store keeps: its own where it has one, otherwise of the object read back. */
  private byte[] sum(ObjectName name) throws InterruptedException {
    Optional<byte[]> own = session.store().backendChecksum(name);
    if (own.isPresent()) {
      return own.get();
    }
    long length = lengthOf(name);
    byte[] slice = new byte[(int) Math.min(SLICE_BYTES, length)];
    try (ObjectHash hash = newHash.get()) {
      for (long at = 0; at < length; at += slice.length) {
        request.checkWanted();
        int bytes = (int) Math.min(slice.length, length - at);
        session.store().read(name, at, slice, 0, bytes);
        hash.update(slice, 0, bytes);
      }
      return hash.finish();
    }
  }

  private void stream(ObjectName name, long from, long length) throws InterruptedException {
    request.size(length);
    byte[] slice = new byte[(int) Math.min(SLICE_BYTES, length)];
    for (long done = 0; done < length; done += slice.length) {
      request.checkWanted();
      int bytes = (int) Math.min(slice.length, length - done);
      session.store().read(name, from + done, slice, 0, bytes);
      request.data(slice, 0, bytes, done + bytes == length);
    }
  }

  private void list(String folder) throws InterruptedException {
    List<StoredObject> batch = new ArrayList<>();
    try {
      session
          .store()
          .list(
              folder,
              object -> {
                batch.add(object);
                if (batch.size() == Wire.ITEMS_MAX) {
                  flush(batch);
                }
              });
      if (!batch.isEmpty()) {
        flush(batch);
      }
    } catch (Interrupted e) {
      throw e.cause;
    }
    request.end(new Message.Bare(Wire.END));
  }

  private void flush(List<StoredObject> batch) {
    try {
      request.items(List.copyOf(batch));
      batch.clear();
    } catch (InterruptedException e) {
      throw new Interrupted(e);
    }
  }

  private long lengthOf(ObjectName name) {
    return session
        .store()
        .stat(name)
        .orElseThrow(() -> StoreFailure.missing(session.repository(), name))
        .lengthBytes();
  }

  private void stored(StoredObject object) {
    request.end(new Message.Stored(object.lengthBytes(), object.storedAt()));
  }

  private void absent() {
    request.end(new Message.Bare(Wire.ABSENT));
  }

  private void done() {
    request.end(new Message.Bare(Wire.OK));
  }

  /** Carries an interruption out of a listing. */
  private static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final InterruptedException cause;

    Interrupted(InterruptedException cause) {
      super(cause);
      this.cause = cause;
    }
  }
}
