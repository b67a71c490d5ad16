package io.sendense.simulation;

import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositoryLock;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
import io.sendense.repository.format.TenantIdentity;
import io.sendense.repository.format.Tuning;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.testkit.ManualClock;
import io.sendense.testkit.SeededRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A place that keeps a repository: its store, its store's clock, and what must be in it. */
final class Site {
  static final int CHUNK = 64 << 10;
  static final Duration DEADLINE = Duration.ofDays(2);
  static final Duration AGE = Duration.ofDays(4);
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

  /** Packs that hold all that a job writes: then one thread at a time is at work in a writer. */
  private static final Tuning TUNING = new Tuning(1, 1, 4 << 20, 1 << 20);

  final String name;
  final ManualClock clock;
  final MemoryObjectStore memory;
  final Medium medium;
  final StoreRules store;
  final Ledger ledger = new Ledger();
  final Optional<RepositoryLock> lock;
  final RepositorySecret secret;

  /** What was recorded as damaged once is no news the next time. */
  final Set<ObjectName> brokenOnce = new HashSet<>();

  boolean tiered;

  Site(
      String name,
      int number,
      SplittableRandom random,
      BooleanSupplier slept,
      Consumer<String> journal) {
    this.name = name;
    clock = new ManualClock(START.plus(Duration.ofMinutes(random.nextInt(2000) - 1000)));
    StoreCapabilities all = MemoryObjectStore.EVERYTHING;
    memory =
        new MemoryObjectStore(
            clock,
            new StoreCapabilities(
                true,
                all.lockModes(),
                random.nextBoolean(),
                random.nextBoolean(),
                all.tiers(),
                all.objectBytesMax()));
    medium = new Medium(memory);
    store =
        new StoreRules(medium, clock, slept, line -> journal.accept("    " + name + ": " + line));
    lock =
        random.nextInt(3) > 0
            ? Optional.empty()
            : Optional.of(
                new RepositoryLock(
                    random.nextBoolean() ? LockMode.GOVERNANCE : LockMode.COMPLIANCE,
                    1 + random.nextInt(4)));
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) (7 + number));
    secret = RepositorySecret.key(key);
  }

  /** Makes the repository; of the same tenant as another if one is given. */
  void init(Optional<TenantIdentity> tenant, SplittableRandom random) {
    RepositorySettings settings =
        new RepositorySettings(CHUNK, DEADLINE, AGE, Duration.ofDays(5), tenant, lock);
    Repository.init(store, secret, settings, environment(Duration.ZERO, random.nextLong())).close();
  }

  /** Opens it for a job on a host whose clock is wrong by so much. */
  Repository open(ObjectStore view, Duration wrong, long seed) {
    return Repository.open(view, secret, environment(wrong, seed));
  }

  /** Opens it for the judge, whom nothing disturbs. */
  Repository open() {
    return open(store, Duration.ZERO, clock.instant().toEpochMilli());
  }

  private Environment environment(Duration wrong, long seed) {
    return new Environment(() -> clock.instant().plus(wrong), new SeededRandom(seed), TUNING);
  }
}
