package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.appliance.CliProcess;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.ShortTempDir;
import io.sendense.testkit.guest.RecordingGuest;
import io.sendense.testkit.libvirt.LibvirtServer;
import io.sendense.testkit.libvirt.RecordingMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills QEMU, libvirt and the appliance at random moments of backups of a writing guest. More than
 * the few kills of a usual run: {@code -Dsendense.kills=200 -Dsendense.seed=7}.
 */
@Tag("server")
class KvmKillTest {
  private static final int KILLS = Integer.getInteger("sendense.kills", 4);
  private static final long SEED = Long.getLong("sendense.seed", 20);

  /** A whole backup, JVM start included, takes about as long. */
  private static final int LATEST_MILLIS = 3500;

  private static final Duration LONG = Duration.ofMinutes(3);

  @TempDir(factory = ShortTempDir.class)
  private Path folder = Path.of("");

  private enum Victim {
    APPLIANCE,
    LIBVIRT,
    QEMU
  }

  private ChildProcess backUp(LibvirtServer server, RecordingMachine machine) {
    return CliProcess.start(
        folder,
        "kvm",
        "backup",
        "--uri",
        server.uri(),
        "--repository",
        folder.resolve("repository"),
        "--vm",
        machine.name(),
        "--scratch",
        machine.scratch());
  }

  private static void kill(
      Victim victim, ChildProcess backup, LibvirtServer server, RecordingMachine machine) {
    switch (victim) {
      case APPLIANCE -> backup.kill();
      case LIBVIRT -> {
        server.killDaemon();
        server.startAgain();
      }
      case QEMU -> server.killQemu(machine.name());
    }
  }

  private static void assertClean(LibvirtServer server, RecordingMachine machine, String when)
      throws Exception {
    assertThat(server.virsh("domstate", machine.name())).as(when).contains("running");
    assertThat(server.virsh("domjobinfo", machine.name())).as(when).contains("None");
    assertThat(server.virsh("checkpoint-list", machine.name(), "--name").strip().lines())
        .as(when)
        .hasSize(1);
    try (var left = Files.list(machine.scratch())) {
      assertThat(left).as(when).isEmpty();
    }
    machine.awaitMoreRecords(2);
  }

  @Test
  void whateverIsKilledTheNextBackupSucceedsAndNothingStaysBehind() throws Exception {
    RandomGenerator random = new SplittableRandom(SEED);
    new InProcess(folder).run("repository", "init", folder.resolve("repository")).succeeded();
    RecordingGuest guest = RecordingGuest.build();
    try (LibvirtServer server = LibvirtServer.start()) {
      RecordingMachine machine = RecordingMachine.direct(server, "victim", guest, "real");
      machine.start();
      machine.awaitAgent();
      for (int i = 0; i < KILLS; i++) {
        Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
        int millis = random.nextInt(LATEST_MILLIS);
        String when = "kill " + i + " of seed " + SEED + ": " + victim + " after " + millis + " ms";
        try (ChildProcess backup = backUp(server, machine)) {
          assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
          kill(victim, backup, server, machine);
          backup.awaitExit(LONG);
        }
        if (victim == Victim.QEMU) {
          machine.start();
          machine.awaitAgent();
        }
        try (ChildProcess backup = backUp(server, machine)) {
          int code = backup.awaitExit(LONG);
          assertThat(code).as(when + "\n" + backup.stdout() + backup.stderr()).isZero();
        }
        assertClean(server, machine, when);
      }
      machine.powerOff();
    }
  }
}
