package io.sendense.bench;

import io.sendense.connectors.disk.DiskSource;
import io.sendense.connectors.disk.SourceDisk;
import io.sendense.engine.BackupJob;
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
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Backs up one image as ten machines at once into a new repository: IMAGE FOLDER. */
final class TenBackups {
  private static final int JOBS = 10;

  private TenBackups() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    try (StateStore state = StateStore.open(folder.resolve("state"), clock);
        LocalObjectStore store = LocalObjectStore.create(folder.resolve("repository"));
        Repository repository =
            Repository.init(
                store,
                RepositorySecret.key(new byte[32]),
                RepositorySettings.defaults(),
                Environment.of(clock, random));
        ExecutorService threads = Executors.newFixedThreadPool(JOBS)) {
      long begin = System.nanoTime();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < JOBS; i++) {
        String vm = "vm-" + i;
        JobContext context =
            new JobContext(
                state,
                clock,
                random,
                JobSettings.defaults(),
                new JobControl(Duration.ofHours(1)),
                JobListener.silent());
        DiskSource source =
            new DiskSource(
                vm, SourceDisk.parseAll(List.of(arguments[0])), state.ownerRecords(), clock);
        running.add(
            threads.submit(
                () ->
                    new BackupJob(context, (name, vms) -> {})
                        .run(vm, source, repository, folder.toString())));
      }
      for (Future<?> one : running) {
        one.get();
      }
      System.out.println(
          String.format(Locale.ROOT, "seconds %.3f", (System.nanoTime() - begin) / 1e9));
    }
  }
}
