package io.sendense.appliance.daemon;

import io.sendense.appliance.store.StoreAccess;
import io.sendense.domain.PolicyId;
import io.sendense.engine.Bandwidth;
import io.sendense.protocol.ProtectionPolicy;
import io.sendense.repository.decorators.StoreMeter;
import io.sendense.repository.decorators.Throttle;
import io.sendense.repository.decorators.ThrottledObjectStore;
import io.sendense.repository.spi.ObjectStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * How fast this appliance moves bytes, in the one place that all of them pass: what is read from
 * sources, what is put into stores and what is read from stores, each by itself. The backups of a
 * policy share the policy's limit and are within the appliance's. Any thread.
 */
final class Bandwidths {
  private static final long MEGABYTE = 1_000_000;

  /** Of the appliance, or of a policy. */
  private record Limits(Throttle source, Throttle up, Throttle down) {
    static Limits of(long bytesPerSecond) {
      return new Limits(
          new Throttle(bytesPerSecond), new Throttle(bytesPerSecond), new Throttle(bytesPerSecond));
    }

    void set(long bytesPerSecond) {
      source.limit(bytesPerSecond);
      up.limit(bytesPerSecond);
      down.limit(bytesPerSecond);
    }

    void end() {
      source.end();
      up.end();
      down.end();
    }
  }

  private final Limits appliance;
  private final Map<PolicyId, Limits> policies = new ConcurrentHashMap<>();

  /**
   * @param bytesPerSecond of the whole appliance; {@link Throttle#UNLIMITED} for no limit
   */
  Bandwidths(long bytesPerSecond) {
    appliance = Limits.of(bytesPerSecond);
  }

  /** How stores are opened. */
  StoreAccess access(RandomGenerator random, StoreMeter meter) {
    return new StoreAccess(random, appliance.up(), appliance.down(), meter);
  }

  /** A store as the backups of a policy see it. */
  ObjectStore within(ProtectionPolicy policy, ObjectStore store) {
    Limits limits = limits(policy);
    return new ThrottledObjectStore(store, limits.up(), limits.down());
  }

  /** How fast the backups of a policy read, from now on. */
  Bandwidth source(ProtectionPolicy policy) {
    Limits limits = limits(policy);
    return (bytes, control) -> {
      limits.source().take(bytes, control::check);
      appliance.source().take(bytes, control::check);
    };
  }

  /** Nobody waits for bandwidth any more: the appliance ends. */
  void end() {
    appliance.end();
    policies.values().forEach(Limits::end);
  }

  /** A policy that was changed has its new limit at once, also where a backup is under way. */
  private Limits limits(ProtectionPolicy policy) {
    long limit =
        policy.megabytesPerSecond().map(count -> count * MEGABYTE).orElse(Throttle.UNLIMITED);
    Limits limits = policies.computeIfAbsent(policy.id(), id -> Limits.of(limit));
    limits.set(limit);
    return limits;
  }
}
