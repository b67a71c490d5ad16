package io.sendense.appliance.daemon;

import io.sendense.appliance.store.StoreAccess;
import io.sendense.engine.Bandwidth;
import io.sendense.repository.decorators.StoreMeter;
import io.sendense.repository.decorators.Throttle;
import java.util.random.RandomGenerator;

/**
 * How fast this appliance moves bytes, in the one place that all of them pass: what is read from
 * sources, what is put into stores and what is read from stores, each by itself. Any thread.
 */
final class Bandwidths {
  private final Throttle source;
  private final Throttle up;
  private final Throttle down;

  /**
   * @param bytesPerSecond of the whole appliance; {@link Throttle#UNLIMITED} for no limit
   */
  Bandwidths(long bytesPerSecond) {
    source = new Throttle(bytesPerSecond);
    up = new Throttle(bytesPerSecond);
    down = new Throttle(bytesPerSecond);
  }

  /** How stores are opened. */
  StoreAccess access(RandomGenerator random, StoreMeter meter) {
    return new StoreAccess(random, up, down, meter);
  }

  /** How fast backups read. */
  Bandwidth source() {
    return (bytes, control) -> source.take(bytes, control::check);
  }

  /** Nobody waits for bandwidth any more: the appliance ends. */
  void end() {
    source.end();
    up.end();
    down.end();
  }
}
