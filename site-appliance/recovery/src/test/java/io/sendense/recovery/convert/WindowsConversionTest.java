package io.sendense.recovery.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.FileDisk;
import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.registry.Hivex;
import io.sendense.recovery.windows.DriverFolder;
import io.sendense.recovery.windows.VirtioDrivers;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A made Windows gets a platform's drivers, and ntfs-3g and hivex find them there. */
@Tag("server")
class WindowsConversionTest {
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  @TempDir static Path made;
  @TempDir Path folder;
  private Path disk;
  private Path drivers;

  @BeforeAll
  static void guest() throws IOException {
    WindowsGuest.make(made);
  }

  @BeforeEach
  void copy() throws IOException {
    disk = Files.copy(made.resolve("windows.raw"), folder.resolve("windows.raw"));
    drivers = VirtioDrivers.make(Files.createDirectory(folder.resolve("drivers")));
  }

  @Test
  void driversThatWereGivenAreThereAfterwardsAndLoadedAtTheStart() throws IOException {
    Path before = WindowsGuest.volume(disk, folder.resolve("before"));

    Report report = apply("kvm", Optional.of(drivers));

    assertThat(report.system()).isEqualTo("Windows Server 2022 Standard (build 20348)");
    Path after = WindowsGuest.volume(disk, folder.resolve("after"));
    Path given = drivers.resolve("viostor/2k22/amd64/viostor.sys");
    assertThat(read(after, "Windows/System32/drivers/viostor.sys")).hasSameBinaryContentAs(given);
    assertThat(read(after, "Windows/SendenseDrivers/viostor/viostor.sys"))
        .hasSameBinaryContentAs(given);
    assertThat(read(after, "Windows/SendenseDrivers/netkvm/netkvm.inf"))
        .hasSameBinaryContentAs(drivers.resolve("NetKVM/2k22/amd64/netkvm.inf"));
    // Inherited: the system and administrators all, users reading, and nobody else anything.
    assertThat(WindowsGuest.rights(after, "/Windows/System32/drivers/viostor.sys"))
        .contains(
            "02004c00 03000000 00001400",
            "ff011f00 01010000 00000005 12000000",
            "a9001200",
            "Windows owner S-1-5-32-544");
    Path system = hive(after, "SYSTEM");
    assertThat(Hivex.export(system, "\\ControlSet002\\Services\\viostor"))
        .contains(
            "\"Start\"=dword:00000000",
            "\"Type\"=dword:00000001",
            "\"Group\"=hex(1):" + hex("SCSI miniport"),
            "\"ImagePath\"=hex(2):" + hex("system32\\drivers\\viostor.sys"),
            "\"BusType\"=dword:00000001");
    assertThat(Hivex.export(system, "\\ControlSet002\\Services\\storahci"))
        .contains("\"Start\"=dword:00000000", "\"Group\"")
        .doesNotContain("StartOverride");
    assertThat(Hivex.export(system, "\\MountedDevices"))
        .isEqualTo(Hivex.export(hive(before, "SYSTEM"), "\\MountedDevices"));
    assertThat(Hivex.export(hive(after, "SOFTWARE"), "\\Microsoft\\Windows\\CurrentVersion"))
        .contains(
            hex(
                "%SystemRoot%\\inf;%SystemRoot%\\SendenseDrivers\\netkvm;"
                    + "%SystemRoot%\\SendenseDrivers\\viostor"));
    String database = Hivex.export(hive(after, "DRIVERS"), "\\DriverDatabase");
    assertThat(database)
        .contains(
            "[\\DriverDatabase\\DeviceIds\\PCI\\VEN_1AF4&DEV_1042]\n"
                + "\"sendense_viostor.inf\"=hex(3):01,ff,00,00",
            "\"mshdc.inf\"=hex(3):02,ff,00,00",
            "Configurations\\scsi_inst\\Services\\viostor\\Parameters\\PnpInterface]\n"
                + "\"5\"=dword:00000001",
            "00,ff,09,00,00,00,00,00,7b,e9,36,4d,25,e3,ce,11,bf,c1,08,00,2b,e1,03,18,"
                + "00,00,25,db,4a,80,d8,01,fc,53,68,00,5a,00,64,00,00,00,00,00,00,00,00,00");
    assertThat(inspect("kvm", Optional.of(drivers)).changes()).isEmpty();
    assertThat(inspect("kvm", Optional.of(drivers)).ready()).isTrue();
  }

  @Test
  void withoutDriversWindowssOwnOnesAreLoadedAndWhatTheMachineNeedsIsSaid() throws IOException {
    Report report = apply("nutanix", Optional.empty());

    assertThat(report.changes())
        .extracting(Change::path)
        .containsExactly("/Windows/System32/config/SYSTEM");
    assertThat(report.findings()).anyMatch(one -> one.text().contains("SATA or NVMe controller"));
    Path after = WindowsGuest.volume(disk, folder.resolve("after"));
    assertThat(Hivex.export(hive(after, "SYSTEM"), "\\ControlSet002\\Services\\storahci"))
        .contains("\"Start\"=dword:00000000");
    // LSI_SAS is loaded already, SATA's driver is now.
    assertThat(inspect("vmware", Optional.empty()).changes()).isEmpty();
    // The vmbus driver's file is not there, and storvsc is unknown.
    assertThat(inspect("hyperv", Optional.empty()).ready()).isFalse();
    assertThatThrownBy(() -> apply("hyperv", Optional.empty()))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("no driver for disks of hyperv");
  }

  @Test
  void aWindowsThatWasNotShutDownIsRefusedBeforeAnythingIsWritten() throws IOException {
    Path volume = WindowsGuest.volume(disk, folder.resolve("volume"));
    byte[] system = Files.readAllBytes(hive(volume, "SYSTEM"));
    byte[] raw = Files.readAllBytes(disk);
    int at = find(raw, system);
    raw[at + 4]++;
    raw[at + 508] ^= (byte) (raw[at + 4] ^ (raw[at + 4] - 1));
    Files.write(disk, raw);

    assertThat(inspect("kvm", Optional.of(drivers)).findings())
        .anyMatch(
            one ->
                one.severity() == Finding.Severity.BLOCKER && one.text().contains("in its logs"));
    assertThatThrownBy(() -> apply("kvm", Optional.of(drivers)))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("shutdown /s /t 0");
    assertThat(Files.readAllBytes(disk)).isEqualTo(raw);
  }

  private Report apply(String target, Optional<Path> given) {
    return new Converter(
            Peers.require("qemu-system-x86_64"),
            Peers.require("qemu-img"),
            Peers.require("busybox"),
            folder,
            DEADLINE,
            "root".equals(System.getProperty("user.name")),
            new Converter.Supplies(
                given.map(DriverFolder::new),
                WindowsGuest.kernels(),
                Peers.require("ntfs-3g"),
                InstantSource.system()))
        .apply(
            List.of(new DiskFile(disk, "raw")),
            files -> ConversionTest.open(files.getFirst()),
            Target.parse(target),
            Map.of());
  }

  private Report inspect(String target, Optional<Path> given) {
    try (FileDisk source = new FileDisk(disk)) {
      return Inspector.inspect(
          List.of(new GuestDisk("disk0", source.cached())),
          Target.parse(target),
          Map.of(),
          given.map(DriverFolder::new),
          Instant.parse("2026-12-01T12:00:00Z"));
    }
  }

  private Path hive(Path volume, String name) throws IOException {
    return read(volume, "Windows/System32/config/" + name);
  }

  /** As ntfscat has it. */
  private Path read(Path volume, String path) throws IOException {
    Path to = folder.resolve(volume.getFileName() + "-" + path.replace('/', '_'));
    ChildProcess.run(
            DEADLINE,
            "sh",
            "-c",
            Peers.require("ntfscat") + " '" + volume + "' '" + path + "' > '" + to + "'")
        .orFail();
    return to;
  }

  private static String hex(String text) {
    StringBuilder hex = new StringBuilder();
    for (byte one : (text + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_16LE)) {
      hex.append(hex.isEmpty() ? "" : ",").append(String.format("%02x", one));
    }
    return hex.toString();
  }

  private static int find(byte[] in, byte[] page) {
    for (int at = 0; at < in.length; at += 512) {
      if (java.util.Arrays.equals(in, at, at + 4096, page, 0, 4096)) {
        return at;
      }
    }
    throw new AssertionError("it is not on the disk");
  }
}
