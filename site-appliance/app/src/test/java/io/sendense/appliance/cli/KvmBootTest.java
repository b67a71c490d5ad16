package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.testkit.ShortTempDir;
import io.sendense.testkit.guest.GuestRecords;
import io.sendense.testkit.guest.RecordingGuest;
import io.sendense.testkit.libvirt.LibvirtServer;
import io.sendense.testkit.libvirt.RecordingMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Machines that write, are backed up, and are made again by the commands: the new ones boot from
 * their disks, and the guest in them shows every record that was acknowledged.
 */
@Tag("server")
class KvmBootTest {
  private static final String MAC = "52:54:00:0a:0b:0c";

  private static LibvirtServer server;
  private static RecordingGuest guest;

  @TempDir(factory = ShortTempDir.class)
  private Path folder = Path.of("");

  @BeforeAll
  static void startLibvirt() {
    guest = RecordingGuest.build();
    server = LibvirtServer.start();
  }

  @AfterAll
  static void stopLibvirt() {
    if (server != null) {
      server.close();
    }
  }

  private InProcess appliance() {
    InProcess cli = new InProcess(folder);
    cli.run("repository", "init", cli.repository()).succeeded();
    return cli;
  }

  private static InProcess.Result backUp(InProcess cli, RecordingMachine machine) {
    return cli.run(
            "kvm",
            "backup",
            "--uri",
            server.uri(),
            "--repository",
            cli.repository(),
            "--vm",
            machine.name(),
            "--scratch",
            machine.scratch(),
            "--consistency",
            "require",
            "--json")
        .succeeded();
  }

  private static InProcess.Result restore(InProcess cli, String vm, String name, String... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "kvm",
                "restore",
                "--uri",
                server.uri(),
                "--repository",
                cli.repository(),
                "--point",
                "latest",
                "--vm",
                vm,
                "--name",
                name,
                "--to",
                server.folder()));
    arguments.addAll(List.of(more));
    return cli.run(arguments.toArray());
  }

  /** The daemon runs as somebody else, who must be able to open what this process has written. */
  private static RecordingMachine boot(String name) throws Exception {
    try (var files = Files.list(server.folder())) {
      files.filter(f -> String.valueOf(f.getFileName()).startsWith(name)).forEach(server::own);
    }
    RecordingMachine machine = new RecordingMachine(server, name);
    machine.start();
    machine.awaitAgent();
    return machine;
  }

  private static void prove(RecordingMachine machine, Map<Long, String> acknowledged) {
    GuestRecords records = GuestRecords.of(machine.records(), acknowledged);
    assertThat(records.faults()).isEmpty();
    assertThat(records.found()).isGreaterThanOrEqualTo(acknowledged.size());
  }

  @Test
  void aMachineWithBiosComesBackAsQcow2WithItsMac() throws Exception {
    InProcess cli = appliance();
    RecordingMachine original = RecordingMachine.booting(server, "web", guest, false);
    original.start();
    original.awaitAgent();
    original.awaitMoreRecords(5);
    String full = backUp(cli, original).out();
    assertThat(full).contains("\"mode\":\"full\"", "\"consistency\":\"file_system\"");
    assertThat(full).contains("stoodStillMillis");
    original.awaitMoreRecords(5);
    Map<Long, String> acknowledged = original.acknowledged();
    assertThat(backUp(cli, original).out()).contains("\"mode\":\"incremental\"");
    original.powerOff();

    restore(cli, "web", "web-again", "--keep-mac").succeeded();

    assertThat(server.virsh("dumpxml", "web-again")).contains(MAC);
    RecordingMachine restored = boot("web-again");
    assertThat(restored.records()).contains("firmware bios");
    prove(restored, acknowledged);
    restored.powerOff();
  }

  @Test
  void aMachineWithUefiComesBackAsRawOnAnotherNetworkWithANewMac() throws Exception {
    InProcess cli = appliance();
    RecordingMachine original = RecordingMachine.booting(server, "db", guest, true);
    original.start();
    original.awaitAgent();
    original.awaitMoreRecords(5);
    Map<Long, String> acknowledged = original.acknowledged();
    backUp(cli, original);
    original.powerOff();

    InProcess.Result refused = restore(cli, "db", "db-again", "--network", "user=blue");
    assertThat(refused.code()).isNotZero();
    assertThat(refused.err()).contains("there is no network blue");
    server.defineNetwork("blue");
    restore(cli, "db", "db-blue", "--network", "user=blue").succeeded();
    assertThat(server.virsh("dumpxml", "db-blue")).contains("<source network='blue'/>");

    restore(cli, "db", "db-again", "--format", "raw").succeeded();
    assertThat(server.virsh("dumpxml", "db-again")).contains("type='raw'").doesNotContain(MAC);
    RecordingMachine restored = boot("db-again");
    assertThat(restored.records()).contains("firmware uefi");
    prove(restored, acknowledged);
    restored.powerOff();
  }
}
