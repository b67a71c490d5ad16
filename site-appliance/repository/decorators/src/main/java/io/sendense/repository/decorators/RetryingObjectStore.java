package io.sendense.repository.decorators;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tries again what may pass, after a random pause, until a bound. Nothing below or above it does.
 * Thread-safe if the random generator is.
 */
public final class RetryingObjectStore extends ForwardingObjectStore {
  private static final int COMPARED_AT_ONCE = 1 << 20;

  private final RetryPolicy policy;
  private final RandomGenerator random;
  private final LongSupplier nanos;
  private final Pause pause;
  private final CountDownLatch closed;

  /** Waits; true when it should be given up because the store was closed. */
  @FunctionalInterface
  interface Pause {
    boolean untilClosed(CountDownLatch closed, Duration atMost) throws InterruptedException;
  }

  public RetryingObjectStore(ObjectStore inner, RetryPolicy policy, RandomGenerator random) {
    this(
        inner,
        policy,
        random,
        System::nanoTime,
        (closed, atMost) -> closed.await(atMost.toNanos(), TimeUnit.NANOSECONDS));
  }

  RetryingObjectStore(
      ObjectStore inner,
      RetryPolicy policy,
      RandomGenerator random,
      LongSupplier nanos,
      Pause pause) {
    super(inner);
    this.policy = policy;
    this.random = random;
    this.nanos = nanos;
    this.pause = pause;
    closed = new CountDownLatch(1);
  }

  @Override
  public StoredObject put(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    boolean[] unknown = new boolean[1];
    return again(
        () -> {
          try {
            return super.put(name, content, offset, length, lock);
          } catch (SendenseException e) {
            if (unknown[0] && e.code() == ErrorCode.ALREADY_EXISTS) {
              return mine(name, content, offset, length, lock)
                  .orElseThrow(() -> StoreFailure.exists(describe(), name));
            }
            unknown[0] |= !StoreFailure.isPermanent(e);
            throw e;
          }
        });
  }

  /** The object, if it is what a put of unknown outcome would have stored. */
  private Optional<StoredObject> mine(
      ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
    Optional<StoredObject> there = super.stat(name).filter(o -> o.lengthBytes() == length);
    if (there.isEmpty()) {
      return there;
    }
    byte[] buffer = new byte[Math.min(length, COMPARED_AT_ONCE)];
    for (int done = 0; done < length; ) {
      int part = Math.min(buffer.length, length - done);
      super.read(name, done, buffer, 0, part);
      if (!Arrays.equals(buffer, 0, part, content, offset + done, offset + done + part)) {
        return Optional.empty();
      }
      done += part;
    }
    lock.ifPresent(wanted -> super.extendLock(name, wanted));
    return there;
  }

  @Override
  public void read(ObjectName name, long position, byte[] target, int offset, int length) {
    again(() -> super.read(name, position, target, offset, length));
  }

  @Override
  public byte[] get(ObjectName name, int bytesMax) {
    return again(() -> super.get(name, bytesMax));
  }

  @Override
  public Optional<StoredObject> stat(ObjectName name) {
    return again(() -> super.stat(name));
  }

  /** A listing that breaks off is begun again; what the visitor has seen it does not see twice. */
  @Override
  public void list(String folder, Consumer<StoredObject> visitor) {
    Listing listing = new Listing(visitor);
    again(
        () -> {
          try {
            super.list(folder, listing);
          } catch (SendenseException e) {
            if (listing.refused == e) {
              return e;
            }
            throw e;
          }
          return listing;
        });
    if (listing.refused != null) {
      throw listing.refused;
    }
  }

  private static final class Listing implements Consumer<StoredObject> {
    private final Consumer<StoredObject> visitor;
    private @Nullable ObjectName last;
    @Nullable SendenseException refused;

    Listing(Consumer<StoredObject> visitor) {
      this.visitor = visitor;
    }

    @Override
    public void accept(StoredObject object) {
      if (last != null && object.name().compareTo(last) <= 0) {
        return;
      }
      last = object.name();
      try {
        visitor.accept(object);
      } catch (SendenseException e) {
        refused = e;
        throw e;
      }
    }
  }

  @Override
  public void delete(ObjectName name) {
    again(() -> super.delete(name));
  }

  @Override
  public Optional<byte[]> backendChecksum(ObjectName name) {
    return again(() -> super.backendChecksum(name));
  }

  @Override
  public LockState lockState(ObjectName name) {
    return again(() -> super.lockState(name));
  }

  @Override
  public void extendLock(ObjectName name, ObjectLock lock) {
    again(() -> super.extendLock(name, lock));
  }

  @Override
  public void setLegalHold(ObjectName name, boolean held) {
    again(() -> super.setLegalHold(name, held));
  }

  @Override
  public TierState tierState(ObjectName name) {
    return again(() -> super.tierState(name));
  }

  @Override
  public void moveTo(ObjectName name, ObjectTier tier) {
    again(() -> super.moveTo(name, tier));
  }

  @Override
  public void close() {
    closed.countDown();
    super.close();
  }

  private void again(Runnable call) {
    again(
        () -> {
          call.run();
          return true;
        });
  }

  private <T> T again(Supplier<T> call) {
    long begin = nanos.getAsLong();
    for (int attempt = 2; ; attempt++) {
      try {
        return call.get();
      } catch (SendenseException e) {
        Duration wait =
            Duration.ofNanos(random.nextLong(1 + policy.pauseBefore(attempt).toNanos()));
        Duration spent = Duration.ofNanos(nanos.getAsLong() - begin).plus(wait);
        if (StoreFailure.isPermanent(e)
            || attempt > policy.attempts()
            || spent.compareTo(policy.deadline()) > 0
            || waited(wait)) {
          throw e;
        }
      }
    }
  }

  private boolean waited(Duration wait) {
    try {
      return pause.untilClosed(closed, wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
