package io.sendense.testkit.libvirt;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.guest.GuestRecords;
import io.sendense.testkit.guest.RecordingGuest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A {@link RecordingGuest} as a machine of a libvirt daemon. It is not started by being made. */
public final class RecordingMachine {
  /** Software emulation on a busy machine; UEFI takes most of it. */
  private static final Duration BOOT = Duration.ofMinutes(4);

  private static final Duration AGENT = Duration.ofMinutes(2);

  private final LibvirtServer server;
  private final String name;

  /** For a machine that is there already, such as a restored one. */
  public RecordingMachine(LibvirtServer server, String name) {
    this.server = server;
    this.name = name;
  }

  /**
   * Defines a machine whose kernel QEMU loads, so that it boots quickly and with an agent of
   * choice.
   *
   * @param agent as the guest's {@code init} takes it: real, none, hang, late or refuse
   */
  public static RecordingMachine direct(
      LibvirtServer server, String name, RecordingGuest guest, String agent) {
    return define(
        server,
        name,
        guest,
        "<os><type arch='x86_64' machine='pc'>hvm</type><kernel>%s</kernel><initrd>%s</initrd><cmdline>console=ttyS0 quiet panic=-1 sendense.agent=%s</cmdline></os>"
            .formatted(copy(server, guest.kernel()), copy(server, guest.initrd()), agent));
  }

  /** Defines a machine that boots from its first disk. */
  public static RecordingMachine booting(
      LibvirtServer server, String name, RecordingGuest guest, boolean uefi) {
    return define(
        server,
        name,
        guest,
        uefi
            ? "<os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type><firmware><feature enabled='no' name='secure-boot'/></firmware></os>"
            : "<os><type arch='x86_64' machine='pc'>hvm</type></os>");
  }

  private static RecordingMachine define(
      LibvirtServer server, String name, RecordingGuest guest, String os) {
    Path folder = server.folder().resolve(name);
    try {
      Files.createDirectories(folder.resolve("scratch"));
      guest.bootDisk(folder.resolve("boot.raw"));
      RecordingGuest.logDisk(folder.resolve("log.raw"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String disk : new String[] {"boot", "log"}) {
      ChildProcess.run(
              AGENT,
              Peers.require("qemu-img").toString(),
              "convert",
              "-O",
              "qcow2",
              folder.resolve(disk + ".raw").toString(),
              folder.resolve(disk + ".qcow2").toString())
          .orFail();
    }
    server.own(folder);
    RecordingMachine machine = new RecordingMachine(server, name);
    server.define(
        """
        <domain type='qemu'><name>%s</name><memory unit='MiB'>256</memory><vcpu>1</vcpu>%s
        <features><acpi/></features><cpu mode='maximum'/><on_poweroff>destroy</on_poweroff><devices>
        <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='%2$s/boot.qcow2'/><target dev='vda' bus='virtio'/></disk>
        <disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='%2$s/log.qcow2'/><target dev='vdb' bus='virtio'/></disk>
        <interface type='user'><mac address='52:54:00:0a:0b:0c'/><model type='virtio'/></interface>
        <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
        <serial type='file'><source path='%3$s'/></serial>
        <video><model type='vga'/></video></devices></domain>
        """
            .replace("%2$s", folder.toString())
            .replace("%3$s", machine.console().toString())
            .formatted(name, os));
    return machine;
  }

  private static Path copy(LibvirtServer server, Path file) {
    Path target = server.folder().resolve(String.valueOf(file.getFileName()));
    try {
      if (!Files.exists(target)) {
        Files.copy(file, target);
        server.own(target);
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String name() {
    return name;
  }

  public Path scratch() {
    return server.folder().resolve(name).resolve("scratch");
  }

  private Path console() {
    return server.folder().resolve(name).resolve("console.log");
  }

  /** What it said so far on its serial line. */
  public String said() {
    try {
      return Files.exists(console())
          ? Files.readString(console(), StandardCharsets.ISO_8859_1)
          : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void start() {
    server.virsh("start", name);
  }

  /** As pulling the plug. */
  public void powerOff() {
    server.virsh("destroy", name);
  }

  /** Returns when it has said something that matches. */
  public void awaitSaid(String regex) {
    server.awaitText(console(), regex, BOOT);
  }

  /** Returns when this many more records than now were acknowledged. */
  public void awaitMoreRecords(int more) {
    int wanted = acknowledged().size() + more;
    server.await("record " + wanted + " of " + name, BOOT, () -> acknowledged().size() >= wanted);
  }

  public Map<Long, String> acknowledged() {
    return GuestRecords.acknowledged(said());
  }

  /** Returns when the agent in it answers. */
  public void awaitAgent() {
    server.await(
        "the agent of " + name,
        BOOT,
        () -> server.tryVirsh("qemu-agent-command", "--timeout", "5", name, command("guest-ping")));
  }

  /** What the guest says its disks hold, by its agent. */
  public String records() {
    JsonNode begun =
        agent(
            "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/sh\",\"arg\":[\"/records\"],\"capture-output\":true}}");
    String status =
        "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":%d}}"
            .formatted(begun.get("pid").asLong());
    JsonNode[] last = new JsonNode[1];
    server.await(
        "the records of " + name,
        AGENT,
        () -> {
          last[0] = agent(status);
          return last[0].get("exited").asBoolean();
        });
    return new String(
        Base64.getDecoder().decode(last[0].get("out-data").asString()),
        StandardCharsets.ISO_8859_1);
  }

  private JsonNode agent(String command) {
    return new ObjectMapper()
        .readTree(server.virsh("qemu-agent-command", "--timeout", "60", name, command))
        .get("return");
  }

  private static String command(String name) {
    return "{\"execute\":\"" + name + "\"}";
  }
}
