package io.sendense.simulation;

import io.sendense.domain.SendenseException;
import io.sendense.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Two sites, two appliances and their machines, on one time that the run moves. All is made from
 * the seed.
 */
final class World {
  /** What still takes effect although its caller heard of a failure, or died. */
  private record Landing(Instant due, String what, Runnable effect) {}

  final SplittableRandom random;
  final Site near;
  final Site far;
  final List<Host> hosts = new ArrayList<>();
  final List<Machine> machines = new ArrayList<>();
  final Path scratch;

  /** Whether old points are archived in this run. */
  final boolean tiers;

  private final Coverage coverage;
  private final Journal journal = new Journal();
  private final Turns turns;
  private final ManualClock time = new ManualClock(Instant.EPOCH);
  private final List<Landing> landings = new ArrayList<>();
  private final List<Attempt> atWork = new ArrayList<>();
  private final Map<String, Ledger.Promise> captures = new TreeMap<>();
  private int tokens;

  World(long seed, Path scratch, Coverage coverage) {
    this.scratch = scratch;
    this.coverage = coverage;
    random = new SplittableRandom(seed);
    tiers = random.nextInt(3) == 0;
    turns = new Turns(new SplittableRandom(seed ^ 0x5eed));
    near = new Site("near", 0, random, this::anybodySlept, journal::note);
    far = new Site("far", 1, random, this::anybodySlept, journal::note);
    near.init(Optional.empty(), random);
    try (var repository = near.open()) {
      far.init(Optional.of(repository.identity()), random);
    }
    List<byte[]> contents = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      byte[] content = new byte[Site.CHUNK];
      random.nextBytes(content);
      contents.add(content);
    }
    for (int i = 0; i < 2; i++) {
      Host host = new Host("host" + i, scratch, near.clock);
      hosts.add(host);
      for (int k = 0; k < 1 + i; k++) {
        Machine machine = new Machine("vm" + machines.size(), contents, random);
        host.machines.add(machine);
        machines.add(machine);
      }
    }
  }

  List<Site> sites() {
    return List.of(near, far);
  }

  Coverage coverage() {
    return coverage;
  }

  Journal journal() {
    return journal;
  }

  Turns turns() {
    return turns;
  }

  /** Every step of every job goes into the sum by which two runs are compared. */
  void trace(String step) {
    journal.call("    " + step);
  }

  /** Those at work now, so that it is known whether one of them has slept. */
  void begin(Attempt attempt) {
    atWork.add(attempt);
  }

  List<Attempt> atWork() {
    return atWork;
  }

  private boolean anybodySlept() {
    return atWork.stream().anyMatch(Attempt::slept);
  }

  String freshToken() {
    return "g" + ++tokens;
  }

  void captured(String token, String vm, Map<String, byte[]> disks) {
    captures.put(token, new Ledger.Promise(vm, Map.copyOf(disks)));
  }

  /** What a point made from that capture must hold. */
  Ledger.Promise capture(String token) {
    return Optional.ofNullable(captures.get(token))
        .orElseThrow(() -> new AssertionError("a point was made from no capture: " + token));
  }

  /** Moves every clock of a store, and with them those of the hosts. */
  void advance(Duration by) {
    time.advance(by);
    sites().forEach(site -> site.clock.advance(by));
    landings.sort(Comparator.comparing(Landing::due));
    while (!landings.isEmpty() && !landings.getFirst().due().isAfter(time.instant())) {
      Landing landing = landings.removeFirst();
      try {
        landing.effect().run();
        coverage.reach("landed later");
        journal.note("  landed: " + landing.what());
      } catch (SendenseException e) {
        journal.note("  did not land: " + landing.what() + " " + e.code());
      }
    }
  }

  /** Lets something take effect within an hour. */
  void landing(String what, Runnable effect) {
    landings.add(
        new Landing(time.instant().plus(Duration.ofSeconds(random.nextInt(3600))), what, effect));
  }

  /** A store's clock may step back by a second. */
  void stepBack(Site site) {
    site.clock.advance(Duration.ofMillis(-900));
  }

  void close() {
    hosts.forEach(Host::close);
  }
}
