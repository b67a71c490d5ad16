package io.sendense.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.StateStore;
import io.sendense.repository.format.Consistency;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.PointDraft;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointWriter;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
import io.sendense.repository.format.TierPolicy;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.testkit.ManualClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archived point says what it needs, comes back, and stays long enough to be restored. */
class ArchivedPointTest {
  private static final int CHUNK = 64 << 10;
  private static final TierPolicy POLICY =
      new TierPolicy(Optional.of(Duration.ofDays(30)), Optional.of(Duration.ofDays(180)));

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-20T12:00:00Z"));
  private final Repository repository =
      Repository.init(
          new MemoryObjectStore(clock),
          RepositorySecret.key(new byte[32]),
          RepositorySettings.defaults().withChunkBytes(CHUNK),
          Environment.of(clock, new SecureRandom()));
  private final MemoryTarget target = new MemoryTarget();
  private final Random random = new Random(7);
  private StateStore state;
  private PointId old;

  @BeforeEach
  void archive() {
    state = StateStore.open(folder, clock);
    old = backUp(1);
    clock.advance(Duration.ofDays(400));
    backUp(2);
    assertThat(tier(false).archived().count()).isPositive();
  }

  @AfterEach
  void close() {
    repository.close();
    state.close();
  }

  @Test
  void aRestoreSaysWhatMustComeBackBeforeItMakesAnything() {
    assertThatThrownBy(this::restore)
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STORE_ARCHIVED);
              assertThat(e).hasMessageContaining("lie in the archive");
              assertThat(e.remedy()).contains("repository rehydrate R --point " + old);
            });
    assertThat(target.events).isEmpty();
  }

  @Test
  void whatWasAskedBackIsWaitedForAndStaysForAWeek() {
    new RehydrateJob(context(), nanos -> clock.advance(Duration.ofNanos(nanos)))
        .run(repository, old, Duration.ofHours(13), "/r");
    assertThat(restore().bytesWritten()).isEqualTo(20L * CHUNK);
    clock.advance(Duration.ofDays(6));
    assertThat(tier(false).archived().count()).isZero();
    clock.advance(Duration.ofDays(2));
    assertThat(tier(true).archived().count()).isPositive();
  }

  @Test
  void patienceThatEndsSaysThatTheDataGoesOnComingBack() {
    assertThatThrownBy(
            () ->
                new RehydrateJob(context(), nanos -> clock.advance(Duration.ofNanos(nanos)))
                    .run(repository, old, Duration.ofHours(3), "/r"))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    assertThat(new RehydrateJob(context()).run(repository, old, Duration.ZERO, "/r").underWay())
        .isPositive();
  }

  private PointId backUp(int seed) {
    byte[] data = new byte[CHUNK];
    Random content = new Random(seed);
    PointDraft draft =
        new PointDraft(
            "web",
            clock.instant(),
            Consistency.CRASH,
            repository.latest("web").map(point -> point.id()),
            List.of(new PointDraft.Disk("vda", 20L * CHUNK)));
    try (PointWriter writer = repository.beginPoint(draft)) {
      for (int chunk = 0; chunk < 20; chunk++) {
        content.nextBytes(data);
        writer.write(0, chunk, data, CHUNK);
      }
      return writer.seal(Map.of()).id();
    }
  }

  private io.sendense.repository.format.TierReport tier(boolean dryRun) {
    return new TierJob(context()).run(repository, POLICY, dryRun, "/r");
  }

  private RestoreReport restore() {
    return new RestoreJob(context()).run(repository, old, List.of(0), target, "/there", "/r");
  }

  private JobContext context() {
    return new JobContext(
        state,
        clock,
        random,
        new JobSettings(2, 8),
        new JobControl(Duration.ofMinutes(5)),
        JobListener.silent());
  }
}
