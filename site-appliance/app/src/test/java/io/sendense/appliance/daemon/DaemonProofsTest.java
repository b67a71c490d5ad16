package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.appliance.CliProcess;
import io.sendense.appliance.cli.InProcess;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import io.sendense.testkit.guest.ServingGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The running appliance proves points by its schedule, on real guests, and survives its kill. */
@Tag("server")
final class DaemonProofsTest {
  private static final Duration LONG = Duration.ofMinutes(3);

  @TempDir(factory = ShortTempDir.class)
  private Path folder;

  private Path state = Path.of("/");
  private InProcess cli = new InProcess(Path.of("/tmp"));
  private final ServingGuest guest;

  DaemonProofsTest() {
    for (String tool : List.of("qemu-system-x86_64", "qemu-img", "setpriv", "prlimit")) {
      Peers.require(tool);
    }
    guest = ServingGuest.build(Path.of("target", "serving-guest"));
  }

  @BeforeEach
  void threeMachines() throws IOException {
    cli = new InProcess(folder);
    cli.run("repository", "init", cli.repository()).succeeded();
    state = folder.resolve("state");
    EnrolledFolder.make(state);
    Path content = Files.createDirectories(folder.resolve("content/www"));
    Files.writeString(content.resolve("health"), "well\n");
    for (String machine : List.of("first", "second", "broken")) {
      Path disk = folder.resolve(machine + ".raw");
      boolean broken = machine.equals("broken");
      guest.disk(disk, folder.resolve("content"), 16, broken ? "sendense.panic panic=0" : "");
      cli.on("backup", "--vm", machine, "--disk", disk).succeeded();
      Files.delete(disk);
    }
  }

  @Test
  void pointsAreProvedBesideEachOtherAndAKillLeavesNothing() throws IOException {
    Path work = folder.resolve("work");
    try (ChildProcess killed = daemon("one")) {
      killed.await("two machines at once", LONG, () -> machines(work).count() == 2);
      killed.kill();
    }
    awaitGone(work);
    try (ChildProcess daemon = daemon("two")) {
      daemon.awaitOutput("point .* of first is proved", LONG);
      daemon.awaitOutput("point .* of second is proved", LONG);
      daemon.awaitOutput("is not proved: boot START_FAILED", LONG);
      assertThat(work.resolve("0")).doesNotExist();
      daemon.terminate();
      assertThat(daemon.awaitExit(LONG)).isNotEqualTo(137);
    }
    String jobs = cli.run("jobs", "--state", state).succeeded().out();
    assertThat(jobs)
        .containsPattern("prove +interrupted +\\w+")
        .containsPattern("prove +succeeded +first")
        .containsPattern("prove +succeeded +second")
        .containsPattern("prove +failed +broken .*START_FAILED");
    String proofs = cli.bare("prove", "list", "--state", state).succeeded().out();
    assertThat(proofs)
        .containsPattern("proved +first .* recovered in")
        .containsPattern("NOT PROVED +broken")
        .contains("median of 1 recoveries");
    awaitGone(work);
  }

  private ChildProcess daemon(String schedule) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("appliance.json"),
            """
            {"format":"sendense.appliance-config/1",
             "repositories":[{"name":"main","path":"%s","keyFile":"%s"}],
             "proofs":{"machines":3,"processors":2,"memoryMebibytes":600,"work":"work","schedules":[
               {"name":"%s","repository":"main","everyHours":24,"checks":["boot","fs"],
                "processors":1,"memoryMebibytes":256}]}}"""
                .formatted(cli.repository(), InProcess.keyFile(folder), schedule));
    return ChildProcess.start(
        CliProcess.commandWithoutKey("run", "--state", state, "--config", config),
        CliProcess.environment(folder),
        Optional.empty());
  }

  /**
   * Processes that run in a place of the folder: by where they are, not by what they are called.
   */
  private static Stream<Long> machines(Path work) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(
            pid -> {
              try {
                return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).startsWith(work)
                    && Files.readString(Path.of("/proc/" + pid + "/comm"))
                        .startsWith("qemu-system");
              } catch (IOException gone) {
                return false;
              }
            });
  }

  private static void awaitGone(Path work) {
    long end = System.nanoTime() + LONG.toNanos();
    while (machines(work).findAny().isPresent()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(10_000_000);
    }
  }
}
