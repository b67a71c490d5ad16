package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.appliance.CliProcess;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.ShortTempDir;
import io.sendense.testkit.SshServer;
import io.sendense.testkit.guest.RecordingGuest;
import io.sendense.testkit.libvirt.LibvirtServer;
import io.sendense.testkit.libvirt.RecordingMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that is reached by ssh: its libvirt, and the disks of its machines. */
@Tag("server")
class KvmSshTest {
  @TempDir(factory = ShortTempDir.class)
  private Path folder = Path.of("");

  private String backUp(SshServer ssh, String uri, RecordingMachine machine) {
    List<String> command =
        ssh.client(
            CliProcess.command(
                folder,
                "kvm",
                "backup",
                "--uri",
                uri,
                "--repository",
                folder.resolve("repository"),
                "--vm",
                machine.name(),
                "--scratch",
                machine.scratch(),
                "--json"));
    try (ChildProcess child =
        ChildProcess.start(command, CliProcess.environment(folder), Optional.empty())) {
      int code = child.awaitExit(Duration.ofMinutes(3));
      assertThat(code).as(child.stderr()).isZero();
      return child.stdout();
    }
  }

  @Test
  void disksOfAHostBehindSshAreReadThroughIt() throws Exception {
    RecordingGuest guest = RecordingGuest.build();
    InProcess cli = new InProcess(folder);
    cli.run("repository", "init", cli.repository()).succeeded();
    try (LibvirtServer server = LibvirtServer.start();
        SshServer ssh = SshServer.start(folder.resolve("ssh"))) {
      RecordingMachine machine = RecordingMachine.direct(server, "far", guest, "none");
      machine.start();
      machine.awaitMoreRecords(3);
      String uri =
          "qemu+ssh://root@localhost:%d/session?%s"
              .formatted(ssh.port(), server.uri().substring(server.uri().indexOf("socket=")));
      assertThat(backUp(ssh, uri, machine)).contains("\"mode\":\"full\"");
      machine.awaitMoreRecords(3);
      assertThat(backUp(ssh, uri, machine))
          .contains("\"mode\":\"incremental\"")
          .contains("agent does not answer");
      machine.powerOff();
      try (var left = Files.list(machine.scratch())) {
        assertThat(left).isEmpty();
      }
      assertThat(server.virsh("checkpoint-list", "far", "--name").strip().lines()).hasSize(1);
    }
  }
}
