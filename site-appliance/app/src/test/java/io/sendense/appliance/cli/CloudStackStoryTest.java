package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.lab.cloudstack.LabCloudStack;
import io.sendense.lab.cloudstack.LabHost;
import io.sendense.lab.guest.BootSectorGuest;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine of CloudStack is backed up while it writes records, runs on a plain KVM host, is backed
 * up there, and comes back to CloudStack. Each time it boots from its own disks and finds every
 * record that was acknowledged before the point was taken.
 */
@Tag("server")
class CloudStackStoryTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int BYTES = 8 << 20;

  @TempDir Path folder;
  private InProcess cli;
  private LibvirtServer kvm1;
  private LibvirtServer plain;
  private LabCloudStack lab;

  @BeforeEach
  void start() throws Exception {
    kvm1 = LibvirtServer.start();
    plain = LibvirtServer.start();
    lab =
        LabCloudStack.start(
            "4.19.1.0",
            List.of(new LabHost("kvm1", kvm1)),
            InstantSource.system(),
            new SplittableRandom(9),
            0);
    cli = new InProcess(folder);
    cli.run("repository", "init", cli.repository()).succeeded();
    LabCloudStack.Keys keys = lab.adminKeys();
    Files.writeString(keys(), keys.apiKey() + "\n" + keys.secretKey() + "\n");
    Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rw-------"));
  }

  @AfterEach
  void stop() {
    lab.close();
    plain.close();
    kvm1.close();
  }

  private Path keys() {
    return folder.resolve("cloudstack.keys");
  }

  /** A command of a group on the repository of the test. */
  private InProcess.Result on(String group, String command, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of(group, command));
    arguments.addAll(List.of("--repository", cli.repository()));
    arguments.addAll(Arrays.asList(more));
    return cli.run(arguments.toArray());
  }

  private static Path scratch(LibvirtServer libvirt) throws Exception {
    Path scratch = libvirt.folder().resolve("scratch");
    Files.createDirectories(scratch);
    libvirt.own(scratch);
    return scratch;
  }

  private static void qemuImg(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = Peers.require("qemu-img").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    ChildProcess.run(DEADLINE, command).orFail();
  }

  private String guest() {
    Path raw = folder.resolve("root.raw");
    BootSectorGuest.write(raw, BYTES);
    qemuImg("convert", "-f", "raw", "-O", "qcow2", raw + "", lab.pool().resolve("root") + "");
    qemuImg("create", "-q", "-f", "qcow2", lab.pool().resolve("data") + "", BYTES + "");
    String vm = lab.inside().addMachine("orders", "tiny", List.of("root", "data"));
    lab.inside().start(vm);
    return vm;
  }

  /** Acknowledged so far, once there are some more. */
  private static long acknowledged(LibvirtServer libvirt, Path console, long atLeast)
      throws Exception {
    String number = String.format("%08x", atLeast);
    libvirt.awaitText(console, BootSectorGuest.ACKNOWLEDGED + number + "\\s", DEADLINE);
    return BootSectorGuest.last(
        Files.readString(console, StandardCharsets.ISO_8859_1), BootSectorGuest.ACKNOWLEDGED);
  }

  private static long found(LibvirtServer libvirt, Path console) throws Exception {
    libvirt.awaitText(console, BootSectorGuest.FOUND + "[0-9a-f]{8}\\s", DEADLINE);
    return BootSectorGuest.last(
        Files.readString(console, StandardCharsets.ISO_8859_1), BootSectorGuest.FOUND);
  }

  private static String idIn(String json) {
    Matcher id = Pattern.compile("\"machine\":\\{\"id\":\"([0-9a-f-]{36})\"").matcher(json);
    assertThat(id.find()).isTrue();
    return id.group(1);
  }

  /** Writes its serial port to a file from its next start on. */
  private Path console(String machine) throws Exception {
    Path console = plain.folder().resolve(machine + ".console");
    String xml = plain.virsh("dumpxml", "--inactive", machine);
    plain.define(
        xml.replaceAll("(?s)<console .*?</console>", "")
            .replace(
                "<serial type='pty'>", "<serial type='file'><source path='" + console + "'/>"));
    return console;
  }

  @Test
  void fromCloudStackToPlainKvmAndBack() throws Exception {
    String vm = guest();
    long first = acknowledged(kvm1, lab.inside().console(vm), 5);
    assertThat(
            cli.bare("cloudstack", "list", "--url", lab.url(), "--api-keys", keys())
                .succeeded()
                .out())
        .contains("orders", "running", "guest-net");
    InProcess.Result backup =
        on(
                "cloudstack",
                "backup",
                "--url",
                lab.url(),
                "--api-keys",
                keys(),
                "--vm",
                "orders",
                "--host",
                "kvm1=" + kvm1.uri(),
                "--scratch",
                scratch(kvm1))
            .succeeded();
    assertThat(backup.out() + backup.err())
        .doesNotContain(Files.readString(keys()).lines().toList().getLast());

    Path images = plain.folder().resolve("images");
    Files.createDirectories(images);
    plain.own(images);
    on(
            "kvm",
            "restore",
            "--uri",
            plain.uri(),
            "--point",
            "latest",
            "--vm",
            "orders",
            "--to",
            images,
            "--network",
            "guest-net=user")
        .succeeded();
    plain.own(images);
    Path console = console("orders");
    plain.virsh("start", "orders");
    long foundThere = found(plain, console);
    assertThat(foundThere).isGreaterThan(first);
    long second = acknowledged(plain, console, foundThere + 3);

    on("kvm", "backup", "--uri", plain.uri(), "--vm", "orders", "--scratch", scratch(plain))
        .succeeded();

    InProcess.Result back =
        on(
                "cloudstack",
                "restore",
                "--url",
                lab.url(),
                "--api-keys",
                keys(),
                "--point",
                "latest",
                "--vm",
                "orders",
                "--name",
                "orders-back",
                "--pool",
                "primary1",
                "--pool-folder",
                lab.pool(),
                "--network",
                "user=guest-net",
                "--start",
                "--json")
            .succeeded();
    long foundBack = found(kvm1, lab.inside().console(idIn(back.out())));
    assertThat(foundBack).isGreaterThan(second);
  }
}
