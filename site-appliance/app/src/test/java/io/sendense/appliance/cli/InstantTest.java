package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.appliance.CliProcess;
import io.sendense.appliance.daemon.EnrolledFolder;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.ShortTempDir;
import io.sendense.testkit.libvirt.LibvirtServer;
import io.sendense.testkit.libvirt.RecordGuest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines that run from a point, on the real libvirt and QEMU, by the real commands. */
@Tag("server")
class InstantTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final Pattern SERVER = Pattern.compile("\"serverPid\":([0-9]+)");

  @TempDir(factory = ShortTempDir.class)
  static Path folder;

  private static LibvirtServer server;
  private static InProcess cli;
  private static Path images;

  @BeforeAll
  static void backUpAMachine() throws IOException {
    server = LibvirtServer.start();
    images = Files.createDirectory(server.folder().resolve("vm"));
    Path source = Files.createDirectory(server.folder().resolve("source"));
    RecordGuest.define(server, "rec", source);
    server.own(server.folder());
    cli = new InProcess(folder);
    cli.run("repository", "init", cli.repository()).succeeded();
    server.virsh("start", "--paused", "rec");
    cli.run(
            "kvm",
            "backup",
            "--repository",
            cli.repository(),
            "--uri",
            server.uri(),
            "--vm",
            "rec",
            "--scratch",
            source)
        .succeeded();
    server.virsh("destroy", "rec");
  }

  @AfterAll
  static void stopLibvirt() {
    // Where a test failed, a recovery may still be served; the process is in a session of its own.
    ProcessHandle.current()
        .descendants()
        .filter(p -> p.info().commandLine().orElse("").contains("instant serve"))
        .forEach(ProcessHandle::destroy);
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(cli.run("instant", "list", "--json").succeeded().out()).contains("[]");
    for (String machine : machines()) {
      if (server.virsh("list", "--name").lines().toList().contains(machine)) {
        server.virsh("destroy", machine);
      }
      server.virsh("undefine", machine);
    }
    try (Stream<Path> files = Files.list(images)) {
      for (Path file : files.toList()) {
        assertThat(file.toString()).endsWith(".qcow2");
        Files.delete(file);
      }
    }
    ProcessHandle.current()
        .descendants()
        .filter(p -> p.info().commandLine().orElse("").contains("instant serve"))
        .forEach(InstantTest::awaitEnd);
  }

  private static List<String> machines() {
    return server
        .virsh("list", "--all", "--name")
        .lines()
        .filter(name -> !name.isBlank() && !name.equals("rec"))
        .toList();
  }

  private static Object[] start(String name) {
    return new Object[] {
      "instant",
      "start",
      "--repository",
      cli.repository(),
      "--point",
      "latest",
      "--vm",
      "rec",
      "--uri",
      server.uri(),
      "--to",
      images,
      "--name",
      name
    };
  }

  private static long serverPid() {
    Matcher pid = SERVER.matcher(cli.run("instant", "list", "--json").succeeded().out());
    assertThat(pid.find()).isTrue();
    return Long.parseLong(pid.group(1));
  }

  @Test
  void aGuestLosesNoRecordWhileItsApplianceIsKilledItsDisksMoveAndItIsPoweredOff() {
    cli.run(start("rec-1")).succeeded();
    int last;
    try (RecordGuest guest = RecordGuest.listen(server, "rec-1")) {
      assertThat(guest.found()).isZero();
      guest.awaitMore(20);
      ProcessHandle serving = ProcessHandle.of(serverPid()).orElseThrow();
      serving.destroyForcibly();
      awaitHeld("rec-1");
      int held = guest.acknowledged();
      assertThat(cli.run("instant", "list").succeeded().out()).contains("held", "not served");

      assertThat(cli.run("instant", "resume", "rec-1").succeeded().out()).contains("goes on");
      guest.awaitMore(20);
      assertThat(guest.acknowledged()).isGreaterThan(held);

      InProcess.Result finished = cli.run("instant", "finish", "rec-1", "--json").succeeded();
      assertThat(finished.out()).contains("\"proved\":true");
      last = guest.awaitMore(20);
    }
    server.virsh("destroy", "rec-1");
    assertThat(server.virsh("checkpoint-list", "rec-1", "--name")).isBlank();
    assertThat(server.virsh("dumpxml", "rec-1")).doesNotContain("nbd");
    server.virsh("start", "rec-1");
    try (RecordGuest guest = RecordGuest.listen(server, "rec-1")) {
      assertThat(guest.found()).isGreaterThan(last);
    }
  }

  @Test
  void theRunningApplianceServesAgainWhatNobodyServesAndItsGuestLosesNothing() throws Exception {
    cli.run(start("rec-6")).succeeded();
    Path state = folder.resolve("xdg/sendense");
    EnrolledFolder.make(state);
    Path config =
        Files.writeString(
            folder.resolve("appliance.json"),
            """
            {"format":"sendense.appliance-config/1",
             "repositories":[{"name":"main","path":"%s","keyFile":"%s"}]}"""
                .formatted(cli.repository(), InProcess.keyFile(folder)));
    try (RecordGuest guest = RecordGuest.listen(server, "rec-6")) {
      guest.awaitMore(5);
      ProcessHandle.of(serverPid()).orElseThrow().destroyForcibly();
      awaitHeld("rec-6");
      int held = guest.acknowledged();
      try (ChildProcess daemon = appliance(state, config)) {
        daemon.awaitOutput("rec-6 is served again; it was held and goes on", LONG);
        guest.awaitMore(5);
        // Killed beside each other: the next start of the appliance finds the guest held again.
        ProcessHandle serving = ProcessHandle.of(serverPid()).orElseThrow();
        daemon.kill();
        serving.destroyForcibly();
      }
      awaitHeld("rec-6");
      try (ChildProcess daemon = appliance(state, config)) {
        daemon.awaitOutput("rec-6 is served again", LONG);
        guest.awaitMore(5);
        assertThat(guest.acknowledged()).isGreaterThan(held);
        daemon.terminate();
        daemon.awaitExit(LONG);
      }
      guest.awaitMore(2); // it is served while the appliance is stopped
    }
    cli.run("instant", "discard", "rec-6").succeeded();
    assertThat(images).isEmptyDirectory();
  }

  private static ChildProcess appliance(Path state, Path config) {
    return ChildProcess.start(
        CliProcess.commandWithoutKey("run", "--state", state, "--config", config),
        CliProcess.environment(folder),
        java.util.Optional.empty());
  }

  private static void awaitHeld(String machine) {
    server.awaitState(machine, "paused (I/O error)", LONG);
  }

  @Test
  void discardLeavesNothing() {
    cli.run(start("rec-2")).succeeded();
    try (RecordGuest guest = RecordGuest.listen(server, "rec-2")) {
      guest.awaitMore(3);
    }
    ProcessHandle serving = ProcessHandle.of(serverPid()).orElseThrow();
    // What the machine runs from cannot be taken away from under it.
    InProcess.Result deleted =
        cli.run(
            "points",
            "delete",
            "--repository",
            cli.repository(),
            "--point",
            "latest",
            "--vm",
            "rec");
    assertThat(deleted.err()).contains("hold");
    cli.run("instant", "discard", "rec-2").succeeded();
    assertThat(machines()).isEmpty();
    assertThat(images).isEmptyDirectory();
    awaitEnd(serving);
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(LONG.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("process " + process.pid() + " does not end", e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"phase make", "phase start"})
  void aStartThatIsKilledIsRemovedByTheNext(String moment) throws IOException {
    try (ChildProcess child = CliProcess.start(folder, start("rec-3"))) {
      child.awaitOutput(moment, LONG);
      child.kill();
    }
    cli.run(start("rec-3")).succeeded();
    assertThat(machines()).containsExactly("rec-3");
    try (Stream<Path> files = Files.list(images)) {
      assertThat(files.map(f -> String.valueOf(f.getFileName())))
          .filteredOn(name -> name.endsWith(".qcow2"))
          .hasSize(2);
    }
    cli.run("instant", "discard", "rec-3").succeeded();
    assertThat(machines()).isEmpty();
    assertThat(images).isEmptyDirectory();
  }

  @Test
  void aFinishThatIsKilledInEveryPhaseGoesOn() {
    cli.run(start("rec-4")).succeeded();
    try (RecordGuest guest = RecordGuest.listen(server, "rec-4")) {
      guest.awaitMore(5);
      for (String moment : List.of("phase move", "phase read-back")) {
        try (ChildProcess child = CliProcess.start(folder, "instant", "finish", "rec-4")) {
          child.awaitOutput(moment, LONG);
          child.kill();
        }
        guest.awaitMore(2);
      }
      cli.run("instant", "finish", "rec-4").succeeded();
      guest.awaitMore(2);
    }
    assertThat(server.virsh("checkpoint-list", "rec-4", "--name")).isBlank();
  }

  @Test
  void itsDisksMoveToAnotherFolderWhileItRunsAndAKilledMoveGoesOn() throws IOException {
    Path other = Files.createDirectories(server.folder().resolve("other"));
    server.own(other);
    cli.run(start("rec-7")).succeeded();
    int last;
    try (RecordGuest guest = RecordGuest.listen(server, "rec-7")) {
      guest.awaitMore(5);
      try (ChildProcess child =
          CliProcess.start(folder, "instant", "finish", "rec-7", "--to", other)) {
        child.awaitOutput("phase move", LONG);
        child.kill();
      }
      ProcessHandle.of(serverPid()).orElseThrow().destroyForcibly();
      InProcess.Result finished =
          cli.run("instant", "finish", "rec-7", "--to", other, "--json").succeeded();
      assertThat(finished.out()).contains("\"proved\":true", other.toString());
      last = guest.awaitMore(10);
    }
    assertThat(images).isEmptyDirectory();
    assertThat(server.virsh("checkpoint-list", "rec-7", "--name")).isBlank();
    assertThat(server.virsh("dumpxml", "--inactive", "rec-7"))
        .contains(other.resolve("rec-7-vda.qcow2").toString())
        .doesNotContain("nbd", images.toString());
    server.virsh("destroy", "rec-7");
    server.virsh("start", "rec-7");
    try (RecordGuest guest = RecordGuest.listen(server, "rec-7")) {
      assertThat(guest.found()).isGreaterThanOrEqualTo(last);
    }
  }

  @Test
  void aMovedDiskThatDiffersFromThePointIsNotHandedOver() throws IOException {
    cli.run(start("rec-5")).succeeded();
    try (RecordGuest guest = RecordGuest.listen(server, "rec-5")) {
      guest.awaitMore(3);
      try (ChildProcess child = CliProcess.start(folder, "instant", "finish", "rec-5")) {
        child.awaitOutput("phase read-back", LONG);
        child.kill();
      }
      // As a broken medium would, and so past what notes the guest's writes.
      damage(images.resolve("rec-5-vdb.qcow2"), RecordGuest.stillBytes("vdb"));
      InProcess.Result refused = cli.run("instant", "finish", "rec-5");
      assertThat(refused.code()).isNotZero();
      assertThat(refused.err()).contains("disk vdb of rec-5 differs from the point at byte");
      guest.awaitMore(2);
    }
    assertThat(cli.run("instant", "list").succeeded().out()).contains("moved", "running");
    cli.run("instant", "discard", "rec-5").succeeded();
    assertThat(images).isEmptyDirectory();
  }

  /** Flips a bit of a cluster that holds these bytes. */
  private static void damage(Path image, byte[] content) throws IOException {
    try (FileChannel file =
        FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer part = ByteBuffer.allocate(content.length);
      for (long at = 0; at < file.size(); at += 64 << 10) {
        file.read(part.clear(), at);
        if (Arrays.equals(part.array(), content)) {
          file.write(ByteBuffer.wrap(new byte[] {(byte) (content[0] ^ 1)}), at);
          return;
        }
      }
    }
    throw new AssertionError("the cluster is not in " + image);
  }
}
