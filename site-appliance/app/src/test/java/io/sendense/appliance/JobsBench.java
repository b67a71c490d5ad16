package io.sendense.appliance;

import io.sendense.connectors.disk.DiskSource;
import io.sendense.connectors.disk.SourceDisk;
import io.sendense.engine.BackupJob;
import io.sendense.engine.BackupReport;
import io.sendense.engine.JobContext;
import io.sendense.engine.JobControl;
import io.sendense.engine.JobListener;
import io.sendense.engine.JobSettings;
import io.sendense.engine.state.StateStore;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
import io.sendense.repository.local.LocalObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures the memory of many backups at once in one process. Not a test: arguments are an empty
 * folder, the number of jobs, and a raw image that each of them reads.
 */
final class JobsBench {
  private JobsBench() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int jobs = Integer.parseInt(args[1]);
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    Path location = folder.resolve("repository");
    long began = System.nanoTime();
    long stored = 0;
    long objects = 0;
    try (StateStore state = StateStore.open(folder.resolve("state"), clock);
        LocalObjectStore store = LocalObjectStore.create(location);
        Repository repository =
            Repository.init(
                store,
                RepositorySecret.key(new byte[32]),
                RepositorySettings.defaults(),
                Environment.of(clock, random));
        ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
      List<Future<BackupReport>> running = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        String vm = "vm" + i;
        JobContext context =
            new JobContext(
                state,
                clock,
                new Random(i),
                JobSettings.defaults(),
                new JobControl(Duration.ofMinutes(30)),
                JobListener.silent());
        DiskSource source =
            new DiskSource(vm, SourceDisk.parseAll(List.of(args[2])), state.ownerRecords(), clock);
        running.add(
            threads.submit(
                () ->
                    new BackupJob(context, (name, vms) -> {})
                        .run(vm, source, repository, location.toString())));
      }
      for (Future<BackupReport> job : running) {
        stored += job.get().bytes().stored();
        objects += job.get().point().statistics().objectsWritten();
      }
    }
    String resident =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .findFirst()
            .orElse("VmHWM: not told here");
    System.out.printf(
        "%d jobs: %.1f s, %d MB stored in %d objects; %s%n",
        jobs, (System.nanoTime() - began) / 1e9, stored / 1_000_000, objects, resident);
  }
}
