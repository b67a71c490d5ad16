package io.sendense.appliance.store;

import io.sendense.repository.decorators.MeasuredObjectStore;
import io.sendense.repository.decorators.RetryPolicy;
import io.sendense.repository.decorators.RetryingObjectStore;
import io.sendense.repository.decorators.StoreMeter;
import io.sendense.repository.decorators.Throttle;
import io.sendense.repository.decorators.ThrottledObjectStore;
import io.sendense.repository.spi.ObjectStore;
import java.util.random.RandomGenerator;

/**
 * What is put around every store: inside the meter, which so sees each attempt and the store's own
 * time; around it the only retry; outside the throttle, so that waiting for bandwidth takes nothing
 * from the time in which a call may be tried again.
 *
 * @param random for the pauses between attempts; any thread
 * @param up for what is put, {@code down} for what is read; may be shared between stores
 */
public record StoreAccess(RandomGenerator random, Throttle up, Throttle down, StoreMeter meter) {
  /** The most that a limit may be, in megabytes per second. */
  public static final int MEGABYTES_MAX = 100_000;

  /** Without a limit, told to nobody. */
  public static StoreAccess unlimited(RandomGenerator random) {
    Throttle none = new Throttle(Throttle.UNLIMITED);
    return new StoreAccess(random, none, none, (operation, failure, bytes, nanos) -> {});
  }

  /** A disk that fails does so for long, so nothing is tried again. */
  ObjectStore near(ObjectStore store) {
    return throttled(measured(store));
  }

  /** What is reached over a network. */
  ObjectStore far(ObjectStore store) {
    return throttled(new RetryingObjectStore(measured(store), RetryPolicy.USUAL, random));
  }

  private ObjectStore measured(ObjectStore store) {
    return new MeasuredObjectStore(store, meter, System::nanoTime);
  }

  private ObjectStore throttled(ObjectStore store) {
    return new ThrottledObjectStore(store, up, down);
  }
}
