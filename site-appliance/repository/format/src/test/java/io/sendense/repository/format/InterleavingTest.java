package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.testkit.FaultyObjectStore;
import io.sendense.testkit.ManualClock;
import io.sendense.testkit.SeededRandom;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers, readers, deleters and collectors of several hosts on one store, one operation at a time
 * in an order drawn from a seed. Hosts sleep for days, their clocks are wrong by a day and jump,
 * the store's clock steps back, and any of them may die anywhere. No sealed point that nobody
 * deleted loses a byte, and what nobody needs goes in the end. {@code -Dinterleavings=N} runs N
 * seeds.
 */
@Tag("exhaustive")
class InterleavingTest {
  private static final int SEEDS = Integer.getInteger("interleavings", 300);
  private static final long FIRST = Long.getLong("interleavings.first", 1);
  private static final int CHUNKS = 6;
  private static final Duration AGE = Duration.ofDays(4).plusMinutes(2);

  /** What was struck, so that a run in which nothing happens fails. */
  private final Map<String, Integer> reached = new ConcurrentHashMap<>();

  @TempDir Path scratch;

  @Test
  void noInterleavingLosesASealedPoint() {
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      try {
        new World(seed).run();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", -Dinterleavings.first=" + seed, e);
      }
    }
    assertThat(reached)
        .containsKeys(
            "sealed",
            "late",
            "killed",
            "parent gone",
            "deduplicated",
            "read",
            "condemned",
            "rewritten",
            "deleted packs",
            "covered again",
            "collector too slow",
            "point removed");
    System.out.println("interleavings of " + SEEDS + " seeds reached " + reached);
  }

  private void reach(String what) {
    reached.merge(what, 1, Integer::sum);
  }

  /** One store and what is known to be in it. */
  private final class World {
    final SplittableRandom random;
    final ManualClock storeClock = new ManualClock(Fixture.START);
    final MemoryObjectStore memory = new MemoryObjectStore(storeClock);
    final SeededRandom ids;
    final StepScheduler scheduler;

    /** Points whose writer heard of success and that nobody began to delete. */
    final Map<PointId, byte[]> promised = new ConcurrentHashMap<>();

    final Map<PointId, byte[]> ever = new ConcurrentHashMap<>();
    final Set<PointId> doomed = ConcurrentHashMap.newKeySet();
    final List<byte[]> contents = new ArrayList<>();

    World(long seed) {
      random = new SplittableRandom(seed);
      ids = new SeededRandom(seed);
      scheduler = new StepScheduler(new SplittableRandom(seed ^ 77));
      for (int i = 0; i < 10; i++) {
        contents.add(Fixture.random(random, CHUNK));
      }
    }

    void run() {
      Repository.init(memory, Fixture.SECRET, Fixture.settings(), environment()).close();
      int begun = 0;
      int actors = 14 + random.nextInt(10);
      boolean more = true;
      while (more || begun < actors) {
        if (begun < actors && (scheduler.running() == 0 || random.nextInt(20) == 0)) {
          begin(begun++);
        }
        moveClock();
        if (random.nextInt(400) == 0) {
          scheduler.killOne();
          reach("killed");
        }
        more = scheduler.step();
      }
      settle();
    }

    /** Time passes: mostly little, at times a night, a weekend or more; once it steps back. */
    private void moveClock() {
      switch (random.nextInt(250)) {
        case 0 -> storeClock.advance(Duration.ofHours(random.nextInt(30)));
        case 1 -> storeClock.advance(Duration.ofHours(random.nextInt(110)));
        case 2 -> storeClock.advance(Duration.ofMillis(-900));
        default -> storeClock.advance(Duration.ofSeconds(1 + random.nextInt(300)));
      }
    }

    private void begin(int number) {
      long seed = random.nextLong();
      int kind = random.nextInt(10);
      String name = "actor-" + number;
      if (kind < 4) {
        scheduler.begin(name, actor -> guarded(actor, () -> write(actor, seed)));
      } else if (kind < 6) {
        scheduler.begin(name, actor -> guarded(actor, () -> delete(actor, seed)));
      } else if (kind < 9) {
        scheduler.begin(name, actor -> guarded(actor, () -> collect(actor, seed)));
      } else {
        scheduler.begin(name, actor -> guarded(actor, () -> read(actor, seed)));
      }
    }

    /** What an actor may meet: its own death, its lateness, a parent or point that went. */
    private void guarded(StepScheduler.Actor actor, Runnable work) {
      try {
        work.run();
      } catch (SendenseException e) {
        if (actor.killed() && e.code() == ErrorCode.STORE_UNAVAILABLE) {
          return;
        }
        throw e;
      }
    }

    private void write(StepScheduler.Actor actor, long seed) {
      SplittableRandom own = new SplittableRandom(seed);
      try (Repository repository = open(actor)) {
        List<PointId> known = new ArrayList<>(promised.keySet());
        known.sort(null);
        Optional<PointId> parent =
            known.isEmpty() || own.nextInt(4) == 0
                ? Optional.empty()
                : Optional.of(known.get(own.nextInt(known.size())));
        byte[] content =
            parent.map(id -> ever.getOrDefault(id, new byte[0]).clone()).orElse(new byte[0]);
        content = Arrays.copyOf(content, CHUNKS * CHUNK);
        Instant begun = storeClock.instant();
        PointDraft draft =
            new PointDraft(
                "vm" + own.nextInt(2),
                Fixture.START,
                Consistency.CRASH,
                parent,
                List.of(new PointDraft.Disk("vda", content.length)));
        try (PointWriter writer = repository.beginPoint(draft)) {
          int writes = 1 + own.nextInt(CHUNKS);
          for (int i = 0; i < writes; i++) {
            int chunk = own.nextInt(CHUNKS);
            byte[] data = contents.get(own.nextInt(contents.size()));
            System.arraycopy(data, 0, content, chunk * CHUNK, CHUNK);
            if (writer.write(0, chunk, data, CHUNK) == WriteOutcome.DEDUPLICATED) {
              reach("deduplicated");
            }
          }
          ever.put(writer.id(), content);
          RestorePoint point = writer.seal(Map.of());
          // Listed, and so perhaps deleted, before its writer hears of success.
          if (!doomed.contains(point.id())) {
            promised.put(point.id(), content);
          }
          reach("sealed");
        } catch (SendenseException e) {
          switch (e.code()) {
            case DEADLINE_EXCEEDED -> reach("late");
            case NOT_FOUND -> reach("parent gone");
            case STORE_OBJECT_MISSING, STORE_DAMAGED -> {
              // Only for one who slept too long may what it read or stored be gone.
              boolean slept =
                  storeClock.instant().isAfter(begun.plus(Duration.ofDays(2)).minusSeconds(60));
              if (!slept) {
                throw e;
              }
              reach("slept past the deadline");
            }
            default -> throw e;
          }
        }
      }
    }

    private void delete(StepScheduler.Actor actor, long seed) {
      SplittableRandom own = new SplittableRandom(seed);
      try (Repository repository = open(actor)) {
        List<RestorePoint> points = repository.points();
        for (RestorePoint point : points) {
          if (own.nextInt(3) > 0) {
            doomed.add(point.id());
            promised.remove(point.id());
            try {
              repository.deletePoint(point.id(), "by chance");
            } catch (SendenseException e) {
              if (e.code() != ErrorCode.NOT_FOUND && e.code() != ErrorCode.ALREADY_EXISTS) {
                throw e;
              }
            }
          }
        }
      }
    }

    private void collect(StepScheduler.Actor actor, long seed) {
      SplittableRandom own = new SplittableRandom(seed);
      try (Repository repository = open(actor)) {
        note(repository.collect(options().withWantedPercent(own.nextInt(96))));
      } catch (SendenseException e) {
        if (e.code() != ErrorCode.DEADLINE_EXCEEDED) {
          throw e;
        }
        reach("collector too slow");
      }
    }

    private void read(StepScheduler.Actor actor, long seed) {
      SplittableRandom own = new SplittableRandom(seed);
      List<PointId> known = new ArrayList<>(promised.keySet());
      known.sort(null);
      if (known.isEmpty()) {
        return;
      }
      PointId id = known.get(own.nextInt(known.size()));
      try (Repository repository = open(actor)) {
        for (int i = 0; i < 3; i++) {
          byte[] content = Fixture.readDisk(repository, id, 0);
          assertThat(content).isEqualTo(ever.get(id));
          reach("read");
        }
      } catch (SendenseException e) {
        if (!doomed.contains(id)) {
          throw e;
        }
      }
    }

    private void note(CollectReport report) {
      if (report.packsCondemned().count() > 0) {
        reach("condemned");
      }
      if (report.packsRewritten().count() > 0) {
        reach("rewritten");
      }
      if (report.packsDeleted().count() > 0) {
        reach("deleted packs");
      }
      if (report.packsCovered() > 0) {
        reach("covered again");
      }
      if (report.pointsRemoved() > 0) {
        reach("point removed");
      }
    }

    /** All have ended: everything promised is there, and after three quiet runs nothing else. */
    private void settle() {
      assertPromises("at the end");
      for (int i = 0; i < 4; i++) {
        storeClock.advance(AGE);
        try (Repository repository = open(memory)) {
          note(repository.collect(options()));
        }
        assertPromises("after quiet run " + i);
      }
      try (Repository repository = open(memory)) {
        storeClock.advance(AGE);
        CollectReport last = repository.collect(options());
        assertThat(last.packsDeleted().count()).isZero();
        assertThat(last.packsCondemned().count()).isZero();
        long packs = Findings.bytes(memory.list("packs"));
        assertThat(packs)
            .as("bytes left")
            .isLessThanOrEqualTo(2 * last.bytesWanted() + 1024L * memory.list("packs").size());
        assertThat(memory.list("intents")).isEmpty();
        assertThat(memory.list("deletions")).isEmpty();
      }
    }

    private void assertPromises(String when) {
      try (Repository repository = open(memory)) {
        assertThat(
                repository
                    .verify(VerifyOptions.everything(), VerifyReport.Progress.NONE)
                    .findings())
            .as(when)
            .isEmpty();
        assertThat(OperatorCheck.run(memory, VerifyReport.Progress.NONE).findings())
            .as(when)
            .isEmpty();
        promised.forEach(
            (id, content) ->
                assertThat(Fixture.readDisk(repository, id, 0)).as(when).isEqualTo(content));
        Set<PointId> listed = ConcurrentHashMap.newKeySet();
        repository.points().forEach(point -> listed.add(point.id()));
        assertThat(listed).as(when).containsAll(promised.keySet());
      }
    }

    private Repository open(StepScheduler.Actor actor) {
      return open(new FaultyObjectStore(memory, actor));
    }

    private Repository open(io.sendense.repository.spi.ObjectStore store) {
      return Repository.open(store, Fixture.SECRET, environment());
    }

    /** A host with a clock of its own, up to a day wrong. One lane: one thread at a time. */
    private Environment environment() {
      Duration wrong = Duration.ofMinutes(random.nextInt(2 * 24 * 60) - 24 * 60);
      return new Environment(
          () -> storeClock.instant().plus(wrong), ids, new Tuning(1, 1, 2 << 20, 1 << 20));
    }

    private CollectOptions options() {
      return CollectOptions.defaults().withScratch(scratch);
    }
  }
}
