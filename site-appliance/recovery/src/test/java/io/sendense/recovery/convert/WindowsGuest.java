package io.sendense.recovery.convert;

import io.sendense.recovery.FileDisk;
import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.registry.BlankHive;
import io.sendense.recovery.registry.Hivex;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.guest.GuestPackages;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A disk that looks like a Windows Server 2022's as far as conversion looks: a partition table, an
 * NTFS of mkntfs, hives that hivex filled, and files of a few bytes for the rest.
 */
final class WindowsGuest {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final int START = 1 << 20;
  private static final int VOLUME_BYTES = 96 << 20;

  static final String SYSTEM =
      """
      [\\Select]
      "Current"=dword:00000002
      "Default"=dword:00000002

      [\\ControlSet002\\Control\\Session Manager\\Environment]
      "PROCESSOR_ARCHITECTURE"=str(1):"AMD64"

      [\\ControlSet002\\Services\\storahci]
      "Start"=dword:00000003
      "Group"=str(1):"SCSI Miniport"
      "ImagePath"=str(2):"System32\\\\drivers\\\\storahci.sys"

      [\\ControlSet002\\Services\\storahci\\StartOverride]
      "0"=dword:00000003

      [\\ControlSet002\\Services\\LSI_SAS]
      "Start"=dword:00000000
      "ImagePath"=str(2):"\\\\SystemRoot\\\\System32\\\\drivers\\\\lsi_sas.sys"

      [\\ControlSet002\\Services\\vmbus]
      "Start"=dword:00000003
      "ImagePath"=str(2):"System32\\\\drivers\\\\vmbus.sys"

      [\\MountedDevices]
      "\\\\DosDevices\\\\C:"=hex(3):01,02,03,04,05,06,07,08,09,0a,0b,0c
      """;

  static final String SOFTWARE =
      """
      [\\Microsoft\\Windows NT\\CurrentVersion]
      "ProductName"=str(1):"Windows Server 2022 Standard"
      "CurrentBuildNumber"=str(1):"20348"
      "InstallationType"=str(1):"Server"

      [\\Microsoft\\Windows\\CurrentVersion]
      "DevicePath"=str(2):"%SystemRoot%\\\\inf"
      """;

  static final String DRIVERS =
      """
      [\\DriverDatabase\\DeviceIds\\PCI\\VEN_8086&DEV_2922]
      "mshdc.inf"=hex(3):02,ff,00,00

      [\\DriverDatabase\\DriverInfFiles\\mshdc.inf]
      "Active"=str(1):"mshdc.inf_amd64_0123456789abcdef"
      """;

  /**
   * What a folder of drivers gives to new files in it: all to the system and to administrators,
   * reading to users.
   */
  private static final String RIGHTS =
      """
      Directory /Windows/System32/drivers
      Security key : 0x102
              000000  01000480 60000000 70000000 00000000
              000010  14000000 02004c00 03000000 00031400
              000020  ff011f00 01010000 00000005 12000000
              000030  00031800 ff011f00 01020000 00000005
              000040  20000000 20020000 00031800 a9001200
              000050  01020000 00000005 20000000 21020000
              000060  01020000 00000005 20000000 20020000
              000070  01020000 00000005 20000000 20020000
      Computed hash : 0x2218c077
      Windows attrib : 0x30
      """;

  private WindowsGuest() {}

  static Path hive(Path file, String keys) throws IOException {
    Files.write(file, BlankHive.bytes(5));
    Hivex.merge(file, keys);
    return file;
  }

  /** The folder of a kernel for machines that write to NTFS. */
  static Path kernels() {
    Peers.require("apt-get");
    Peers.require("dpkg-deb");
    return GuestPackages.kernelTree(DebianGuest.root().resolve(".sendense/cache/writer-kernel"));
  }

  /** Folders come about by the machine that writes; what is in the files, ntfscp puts there. */
  static Path make(Path folder) throws IOException {
    Path disk = folder.resolve("windows.raw");
    Path volume = folder.resolve("volume.raw");
    run("truncate", "-s", Integer.toString(VOLUME_BYTES), volume.toString());
    run("mkntfs", "-q", "-F", "-p", "2048", volume.toString());
    place(volume, disk);
    Map<String, byte[]> files =
        Map.of(
            "/Windows/System32/ntoskrnl.exe",
            new byte[] {'M', 'Z'},
            "/Windows/System32/drivers/storahci.sys",
            new byte[] {'M', 'Z', 1},
            "/Windows/System32/drivers/lsi_sas.sys",
            new byte[] {'M', 'Z', 2},
            "/Windows/System32/config/SYSTEM",
            Files.readAllBytes(hive(folder.resolve("SYSTEM"), SYSTEM)),
            "/Windows/System32/config/SOFTWARE",
            Files.readAllBytes(hive(folder.resolve("SOFTWARE"), SOFTWARE)),
            "/Windows/System32/config/DRIVERS",
            Files.readAllBytes(hive(folder.resolve("DRIVERS"), DRIVERS)));
    try (FileDisk source = new FileDisk(disk)) {
      List<GuestDisk> disks = List.of(new GuestDisk("disk0", source.cached()));
      var volumes = io.sendense.recovery.disk.Volumes.find(disks).volumes();
      List<Change> changes = new ArrayList<>();
      files.forEach(
          (path, content) ->
              changes.add(
                  new Change(
                      Change.Kind.CREATE, volumes.getFirst().name(), path, -1, content, "test")));
      Report report =
          new Report(
              Target.parse("kvm"),
              "",
              "",
              List.of(),
              List.of(),
              changes,
              volumes,
              Optional.empty());
      GuestWriter writer =
          new GuestWriter(
              new Machine(
                  Peers.require("qemu-system-x86_64"),
                  DEADLINE,
                  "root".equals(System.getProperty("user.name"))),
              Peers.require("busybox"));
      writer.write(
          writer.prepare(
              report,
              new NtfsHelper(kernels(), Peers.require("ntfs-3g")).make(),
              disks,
              List.of(new DiskFile(disk, "raw"))),
          folder);
    }
    Path rights = Files.writeString(folder.resolve("rights"), RIGHTS);
    run("ntfssecaudit", "-s", volume(disk, volume).toString(), rights.toString());
    place(volume, disk);
    return disk;
  }

  /** As ntfssecaudit shows the rights to a file. */
  static String rights(Path volume, String path) {
    return ChildProcess.run(
            DEADLINE, Peers.require("ntfssecaudit").toString(), "-v", volume.toString(), path)
        .stdout();
  }

  /** The volume as a file, for tools that know nothing of partitions. */
  static Path volume(Path disk, Path to) {
    run(
        "dd",
        "if=" + disk,
        "of=" + to,
        "bs=1M",
        "skip=1",
        "count=96",
        "conv=sparse",
        "status=none");
    return to;
  }

  private static void place(Path volume, Path disk) throws IOException {
    run("truncate", "-s", Integer.toString(START + VOLUME_BYTES + (1 << 20)), disk.toString());
    Path table = disk.resolveSibling("table");
    Files.writeString(
        table, "label: dos\nstart=2048,size=" + VOLUME_BYTES / 512 + ",type=7,bootable\n");
    run("sh", "-c", "sfdisk -q '" + disk + "' < '" + table + "'");
    try (FileChannel from = FileChannel.open(volume);
        FileChannel to = FileChannel.open(disk, StandardOpenOption.WRITE)) {
      to.position(START);
      for (long at = 0; at < VOLUME_BYTES; ) {
        at += from.transferTo(at, VOLUME_BYTES - at, to);
      }
    }
    Files.delete(table);
    Files.delete(volume);
  }

  private static void run(String tool, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Peers.require(tool).toString()));
    command.addAll(List.of(arguments));
    ChildProcess.run(DEADLINE, command).orFail();
  }
}
