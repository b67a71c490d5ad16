package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.appliance.CliProcess;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.ShortTempDir;
import io.sendense.testkit.libvirt.LibvirtServer;
import io.sendense.testkit.libvirt.RecordGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores of a whole machine and of its disks that are killed, on the real libvirt. */
@Tag("server")
class KvmRestoreTest {
  private static final Duration LONG = Duration.ofSeconds(90);

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
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void removeMachine() throws IOException {
    if (exists()) {
      if (server.virsh("list", "--name").lines().toList().contains("again")) {
        server.virsh("destroy", "again");
      }
      server.virsh("undefine", "again");
    }
    try (Stream<Path> files = Files.list(images)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  private static boolean exists() {
    return server.virsh("list", "--all", "--name").lines().toList().contains("again");
  }

  private static Object[] restore(Object... more) {
    return Stream.concat(
            Stream.of(
                "kvm",
                "restore",
                "--uri",
                server.uri(),
                "--repository",
                cli.repository(),
                "--point",
                "latest",
                "--vm",
                "rec",
                "--name",
                "again",
                "--to",
                images),
            Stream.of(more))
        .toArray();
  }

  private static void killAt(String moment, Object... command) {
    try (ChildProcess child = CliProcess.start(folder, command)) {
      child.awaitOutput(moment, LONG);
      child.kill();
    }
  }

  private static Stream<String> files() throws IOException {
    try (Stream<Path> files = Files.list(images)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"phase write", "phase read-back", "phase finish"})
  void aRestoreThatIsKilledGoesOnByTheSameCommand(String moment) throws IOException {
    killAt(moment, restore());
    cli.run(restore("--start")).succeeded();
    assertThat(files()).containsExactly("again-vda.qcow2", "again-vdb.qcow2");
    try (RecordGuest guest = RecordGuest.listen(server, "again")) {
      guest.awaitMore(2);
    }
    // Nothing of it is in the owner records any more: a roll back finds nothing to remove.
    cli.run(restore("--roll-back")).succeeded();
    assertThat(exists()).isTrue();
    assertThat(files()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"phase write", "phase finish"})
  void aRestoreToFilesThatIsKilledGoesOnByTheSameCommand(String moment) throws IOException {
    Object[] command = {
      "restore",
      "--repository",
      cli.repository(),
      "--point",
      "latest",
      "--vm",
      "rec",
      "--to",
      images,
      "--format",
      "qcow2"
    };
    killAt(moment, command);
    cli.run(command).succeeded();
    assertThat(files()).containsExactly("vda.qcow2", "vdb.qcow2");
  }

  @Test
  void anInterruptedRestoreIsRolledBack() throws IOException {
    killAt("phase finish", restore());
    assertThat(cli.run(restore("--roll-back")).succeeded().out()).contains("nothing of");
    assertThat(images).isEmptyDirectory();
    assertThat(exists()).isFalse();
  }

  @Test
  void aRestoreThatFailsRemovesEveryDiskItMade() throws IOException {
    assertThat(cli.run(restore("--network", "default=none")).code()).isZero();
    server.virsh("undefine", "again");
    // The images are in the way of a second restore, and stay.
    InProcess.Result second = cli.run(restore());
    assertThat(second.code()).isNotZero();
    assertThat(second.err()).contains("again-vda.qcow2 is already there");
    assertThat(files()).hasSize(2);
  }
}
