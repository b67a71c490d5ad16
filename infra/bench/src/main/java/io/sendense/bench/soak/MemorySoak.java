package io.sendense.bench.soak;

import io.sendense.repository.decorators.Throttle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./sendense soak memory}: many jobs at a time, again and again, and the memory of that. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    description = {
      "Runs jobs in one process for a time: each of N machines is backed up in full, then by its",
      "changes, restored, verified and collected, in turn and without end. Samples what the process",
      "keeps resident; exits with 1 where that was too much at any time or still grows at the end."
    })
final class MemorySoak implements Callable<Integer> {
  private static final int MIB_MAX = 512;
  private static final int GROWTH_MIB_MAX = 24;
  private static final int SAMPLE_SECONDS = 5;

  @Option(names = "--minutes", description = "How long. Default: ${DEFAULT-VALUE}.")
  int minutes = 60;

  @Option(names = "--jobs", description = "Jobs at a time. Default: ${DEFAULT-VALUE}.")
  int jobs = 10;

  @Option(
      names = "--limit",
      paramLabel = "MB/s",
      description =
          "Megabytes per second that are read from disks, that are put into the store and that are"
              + " read from it, of all jobs together. Default: no limit.")
  @Nullable Integer limit;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where some 4 GB may be written and are removed. Default: a temporary folder.")
  @Nullable Path folder;

  private final Map<SoakMachine.Step, Integer> done = new EnumMap<>(SoakMachine.Step.class);
  private volatile boolean failed;

  private MemorySoak() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new MemorySoak()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (minutes < 1 || jobs < 1 || jobs > 64 || (limit != null && limit < 1)) {
      System.err.println("--minutes and --limit are 1 or more, --jobs 1 to 64");
      return 2;
    }
    Path at =
        folder == null
            ? Files.createTempDirectory("sendense-memory-")
            : Files.createTempDirectory(Files.createDirectories(folder), "memory-");
    try {
      return run(at);
    } finally {
      remove(at);
    }
  }

  private int run(Path at) throws Exception {
    long begin = System.nanoTime();
    long end = begin + Duration.ofMinutes(minutes).toNanos();
    MemorySamples samples = new MemorySamples(minutes * 60.0);
    long rate = limit == null ? Throttle.UNLIMITED : limit * 1_000_000L;
    try (SoakSite site = new SoakSite(at, rate);
        ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
        ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
      Future<?> sampling =
          sampler.scheduleAtFixedRate(
              () -> sample(samples, begin), 0, SAMPLE_SECONDS, TimeUnit.SECONDS);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        SoakMachine machine = new SoakMachine(i, site);
        running.add(
            threads.submit(
                () -> {
                  work(machine, end);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      sampling.cancel(false);
      sampler.shutdownNow();
      return report(samples, (System.nanoTime() - begin) / 1e9);
    }
  }

  /** Where one machine's job fails the others end after the one they are at. */
  private void work(SoakMachine machine, long end) throws IOException {
    boolean well = false;
    try {
      while (System.nanoTime() < end && !failed) {
        count(machine.next());
      }
      well = true;
    } finally {
      if (!well) {
        failed = true;
      }
    }
  }

  private synchronized void count(SoakMachine.Step step) {
    done.merge(step, 1, Integer::sum);
  }

  /** Each sixth of the run is told as soon as it is over. */
  private void sample(MemorySamples samples, long begin) {
    double now = (System.nanoTime() - begin) / 1e9;
    double window = minutes * 60.0 / MemorySamples.WINDOWS;
    samples.add(now, Resident.bytes());
    int over = (int) (now / window);
    if (over > (int) ((now - SAMPLE_SECONDS) / window) && over <= MemorySamples.WINDOWS) {
      System.out.println(samples.window(over - 1));
    }
  }

  private synchronized int report(MemorySamples samples, double seconds) {
    double peak = Resident.peakBytes() / (double) (1 << 20);
    boolean bounded = peak <= MIB_MAX;
    boolean flat = samples.growth() <= GROWTH_MIB_MAX;
    for (int i = 0; i < MemorySamples.WINDOWS; i++) {
      System.out.println(samples.window(i));
    }
    System.out.println(done + " in " + Math.round(seconds) + " s, " + jobs + " at a time");
    System.out.println(
        String.format(
            Locale.ROOT,
            "peak %.0f MiB (at most %d): %s%nslope after the first sixth %+.1f MiB an hour, %+.1f"
                + " in all (at most %d): %s",
            peak,
            MIB_MAX,
            bounded ? "bounded" : "TOO MUCH",
            samples.slope(),
            samples.growth(),
            GROWTH_MIB_MAX,
            flat ? "flat" : "GROWS"));
    return bounded && flat ? 0 : 1;
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
