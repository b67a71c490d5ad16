package io.sendense.recovery.prove;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.machine.Accelerator;
import io.sendense.recovery.machine.Console;
import io.sendense.recovery.machine.Shape;
import io.sendense.recovery.machine.ThrowAway;
import io.sendense.recovery.work.WorkPlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes the checks of one proof. The file systems are read while the machine boots; the machine is
 * gone when this returns.
 */
public final class ProofRun {
  private static final Duration LAST_FILES = Duration.ofSeconds(30);

  private final List<Check> checks;
  private final List<GuestDisk> disks;
  private final Map<String, String> facts;
  private final long began;
  private final Watch watch;
  private final AtomicBoolean done = new AtomicBoolean();

  /**
   * @param disks for reading from outside, not used by anyone else
   * @param facts for scripts, as their environment
   * @param began moment of {@link System#nanoTime} from which the recovery time counts
   */
  public ProofRun(
      List<Check> checks,
      List<GuestDisk> disks,
      Map<String, String> facts,
      long began,
      Watch watch) {
    this.checks = List.copyOf(checks);
    this.disks = List.copyOf(disks);
    this.facts = Map.copyOf(facts);
    this.began = began;
    this.watch = watch;
  }

  /** Who started it. */
  public interface Watch {
    /** Whether it is to end early; asked often, by several threads. */
    boolean over();

    /** A check is made; called on the thread that runs the proof. */
    void made(CheckResult result, int done, int of);
  }

  /**
   * What came of it.
   *
   * @param recovery from the beginning to the first sign of a running system
   * @param screen as PNG, empty where no machine ran or it had no screen
   */
  public record Outcome(
      List<CheckResult> results,
      List<DiskFiles> disks,
      Optional<Duration> recovery,
      Optional<byte[]> screen,
      Optional<Console> console) {
    /** Whether every required check passed. */
    public boolean passed() {
      return results.stream().allMatch(result -> result.passed() || !result.check().required());
    }
  }

  /** Ports of the guest that the checks need. */
  public static List<Integer> ports(List<Check> checks) {
    return checks.stream().flatMap(check -> check.what().port().stream()).distinct().toList();
  }

  /**
   * Runs it, on the platform thread that the machine shall die with.
   *
   * @throws SendenseException where no machine could be started; a guest that does not come up is a
   *     result
   */
  public Outcome run(WorkPlace place, Shape shape, Accelerator accelerator) {
    CompletableFuture<List<DiskFiles>> files = new CompletableFuture<>();
    Optional<Check> wanted =
        checks.stream().filter(check -> check.what() instanceof Check.Files).findFirst();
    long filesEnd = began + wanted.map(Check::within).orElse(Duration.ZERO).toNanos();
    wanted.ifPresent(
        _ -> Thread.ofPlatform().name("proof-files").start(() -> readFiles(files, filesEnd)));
    List<CheckResult> results = new ArrayList<>();
    Inside inside = new Inside(Optional.empty(), Optional.empty(), Optional.empty());
    try {
      if (checks.stream().anyMatch(check -> check.what().inside())) {
        inside = inside(place, shape, accelerator, results);
      }
      List<DiskFiles> found = List.of();
      if (wanted.isPresent()) {
        found = outside(wanted.get(), files, filesEnd, results);
      }
      if (watch.over()) {
        throw new SendenseException(
            ErrorCode.CANCELLED,
            "the proof was cancelled",
            "Run it again; nothing was left behind.");
      }
      return new Outcome(inOrder(results), found, inside.recovery, inside.screen, inside.console);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(ErrorCode.CANCELLED, "the proof was interrupted", "", e);
    } finally {
      done.set(true);
    }
  }

  private record Inside(
      Optional<Duration> recovery, Optional<byte[]> screen, Optional<Console> console) {}

  private Inside inside(
      WorkPlace place, Shape shape, Accelerator accelerator, List<CheckResult> results)
      throws InterruptedException {
    Optional<String> marker =
        checks.stream()
            .flatMap(
                check ->
                    check.what() instanceof Check.BootText(String text)
                        ? java.util.stream.Stream.of(text)
                        : java.util.stream.Stream.empty())
            .findFirst();
    Console console = new Console(marker);
    try (ThrowAway machine = ThrowAway.start(place, shape, accelerator, console)) {
      GuestPorts ports = new GuestPorts(machine);
      BootWatch boot = new BootWatch(machine, ports, shape.ports(), this::over);
      long started = System.nanoTime();
      boolean booted = true;
      Optional<Duration> recovery = Optional.empty();
      for (Check check : checks.stream().filter(CheckParser::boots).toList()) {
        Finding finding = boot.await(check.what(), end(started, check));
        booted &= finding.verdict() == Verdict.PASSED;
        if (recovery.isEmpty() && booted) {
          recovery = Optional.of(Duration.ofNanos(System.nanoTime() - began));
        }
        add(results, result(check, finding));
      }
      long up = System.nanoTime();
      InsideChecks made = new InsideChecks(machine, ports, shape.ports(), facts, this::over);
      for (Check check : checks) {
        if (check.what().inside() && !CheckParser.boots(check)) {
          add(
              results,
              result(
                  check,
                  !booted
                      ? new Finding(Verdict.NOT_RUN, "the machine did not boot")
                      : made.make(check, end(up, check))));
        }
      }
      return new Inside(recovery, machine.screen("png"), Optional.of(console));
    }
  }

  private static long end(long from, Check check) {
    return from + check.within().toNanos();
  }

  private boolean over() {
    return watch.over() || done.get();
  }

  private void readFiles(CompletableFuture<List<DiskFiles>> files, long end) {
    try {
      files.complete(new FilesCheck(() -> over() || System.nanoTime() >= end).read(disks));
    } catch (RuntimeException e) {
      files.completeExceptionally(e);
    }
  }

  private List<DiskFiles> outside(
      Check check, CompletableFuture<List<DiskFiles>> files, long end, List<CheckResult> results)
      throws InterruptedException {
    try {
      long left = end - System.nanoTime() + LAST_FILES.toNanos();
      List<DiskFiles> found = files.get(left, TimeUnit.NANOSECONDS);
      add(results, result(check, FilesCheck.finding(found)));
      return found;
    } catch (TimeoutException e) {
      add(results, result(check, new Finding(Verdict.TIMED_OUT, "the disks are read too slowly")));
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof SendenseException why)) {
        throw new IllegalStateException(e.getCause());
      }
      add(
          results,
          result(
              check,
              new Finding(Verdict.TEST_FAILED, Console.plain(String.valueOf(why.getMessage())))));
    }
    return List.of();
  }

  private void add(List<CheckResult> results, CheckResult made) {
    results.add(made);
    watch.made(made, results.size(), checks.size());
  }

  private CheckResult result(Check check, Finding finding) {
    return new CheckResult(
        check, finding.verdict(), finding.detail(), Duration.ofNanos(System.nanoTime() - began));
  }

  private List<CheckResult> inOrder(List<CheckResult> results) {
    return checks.stream()
        .flatMap(check -> results.stream().filter(result -> result.check().equals(check)))
        .toList();
  }
}
