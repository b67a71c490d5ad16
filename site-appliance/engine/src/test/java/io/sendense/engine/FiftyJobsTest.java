package io.sendense.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.Tuning;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fifty machines backed up at once into one repository by one process, with packs as they are by
 * default. The tests of this module run in a heap that a pack for each machine would not fit into.
 */
class FiftyJobsTest {
  private static final int JOBS = 50;

  @TempDir Path folder;

  @Test
  void fiftyBackupsAtOnceAllSucceedAndTheRepositoryIsWhole() throws Exception {
    Tuning tuning = Tuning.defaults();
    assertThat((long) JOBS * tuning.packBytes()).isGreaterThan(Runtime.getRuntime().maxMemory());
    try (Fixture fixture = new Fixture(folder, tuning);
        ExecutorService threads = Executors.newFixedThreadPool(JOBS)) {
      CyclicBarrier together = new CyclicBarrier(JOBS);
      List<byte[]> disks = new ArrayList<>();
      List<Future<BackupReport>> reports = new ArrayList<>();
      for (int i = 0; i < JOBS; i++) {
        MemoryDisk disk =
            new MemoryDisk(12 * Fixture.CHUNK)
                .fill(0, 3 * Fixture.CHUNK, 1) // the same in all of them
                .fill(6 * Fixture.CHUNK, 4 * Fixture.CHUNK, 100 + i);
        disks.add(disk.content);
        ScriptedSource source = new ScriptedSource();
        source.disks =
            List.of(new CapturedDisk("vda", disk, new ChangeSet.Untracked("first backup")));
        String vm = "vm" + i;
        JobContext context =
            new JobContext(
                fixture.state,
                fixture.clock,
                new Random(i),
                new JobSettings(2, 8),
                fixture.control,
                JobListener.silent());
        reports.add(
            threads.submit(
                () -> {
                  together.await();
                  return new BackupJob(context, (name, vms) -> {})
                      .run(vm, source, fixture.repository, fixture.location);
                }));
      }

      for (int i = 0; i < JOBS; i++) {
        BackupReport report = reports.get(i).get();
        assertThat(report.point().vm()).isEqualTo("vm" + i);
        assertThat(fixture.content(report.point(), 0)).isEqualTo(disks.get(i));
      }
      assertThat(fixture.state.jobs().newest(JOBS))
          .extracting(JobRecord::state)
          .hasSize(JOBS)
          .containsOnly(JobRecord.State.SUCCEEDED);
      assertThat(
              fixture
                  .repository
                  .verify(VerifyOptions.everything(), VerifyReport.Progress.NONE)
                  .findings())
          .isEmpty();
    }
  }
}
