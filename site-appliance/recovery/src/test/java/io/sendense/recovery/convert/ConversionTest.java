package io.sendense.recovery.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.recovery.FileDisk;
import io.sendense.recovery.disk.GuestDisk;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Debian of a machine with NVMe becomes one that starts on virtio. */
@Tag("server")
class ConversionTest {
  private static final Duration BOOT = Duration.ofMinutes(4);

  @TempDir Path folder;

  @Test
  void aGuestWithoutVirtioStartsOnItAfterwardsAndNotBefore() throws IOException {
    Path disk = DebianGuest.copy(folder);
    try (ChildProcess before = boot(disk, "-device", "virtio-blk-pci,drive=d,bootindex=0")) {
      before.awaitOutput("/dev/nvme0n1p3 does not exist", BOOT);
    }

    Report report =
        converter()
            .apply(
                List.of(new DiskFile(disk, "raw")),
                files -> open(files.getFirst()),
                Target.parse("kvm"),
                Map.of());

    assertThat(report.system()).startsWith("Debian GNU/Linux");
    assertThat(report.firmware()).isEqualTo("BIOS");
    assertThat(report.changes())
        .extracting(Change::path)
        .anyMatch(path -> path.startsWith("/initrd.img-"))
        .contains("/etc/fstab", "/grub/grub.cfg", "/etc/udev/rules.d/" + NetworkCheck.RULES);
    try (ChildProcess after = boot(disk, "-device", "virtio-blk-pci,drive=d,bootindex=0")) {
      after.awaitOutput("GUEST-UP .* end", BOOT);
      assertThat(after.stdout())
          .contains("GUEST-UP root=/dev/vda3 boot=/dev/vda1 swap=/dev/vda2 cards=ens192,lo, end");
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.filter(one -> !one.toString().endsWith(".seen"))).containsExactly(disk);
    }
    try (Converter.Opened opened = open(new DiskFile(disk, "raw"))) {
      assertThat(
              Inspector.inspect(
                      opened.disks(),
                      Target.parse("kvm"),
                      Map.of(),
                      Optional.empty(),
                      Instant.EPOCH)
                  .changes())
          .isEmpty();
    }
  }

  private Converter converter() {
    return new Converter(
        Peers.require("qemu-system-x86_64"),
        Peers.require("qemu-img"),
        Peers.require("busybox"),
        folder,
        Duration.ofMinutes(2),
        "root".equals(System.getProperty("user.name")),
        new Converter.Supplies(
            Optional.empty(), Path.of("/"), Path.of("/bin/ntfs-3g"), InstantSource.system()));
  }

  /** An image over a disk is seen as QEMU sees it. */
  static Converter.Opened open(DiskFile disk) {
    Path seen = disk.path();
    if (!disk.format().equals("raw")) {
      seen = disk.path().resolveSibling("image.seen");
      ChildProcess.run(
              Duration.ofMinutes(1),
              "qemu-img",
              "convert",
              "-O",
              "raw",
              disk.path() + "",
              seen + "")
          .orFail();
    }
    FileDisk source = new FileDisk(seen);
    return new Converter.Opened() {
      @Override
      public List<GuestDisk> disks() {
        return List.of(new GuestDisk("disk0", source.cached()));
      }

      @Override
      public void close() {
        source.close();
      }
    };
  }

  /** What it does to its disk is forgotten. */
  private static ChildProcess boot(Path disk, String... device) {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Peers.require("qemu-system-x86_64").toString(),
                "-accel",
                "tcg,thread=multi",
                "-M",
                "q35",
                "-cpu",
                "max",
                "-smp",
                "2",
                "-m",
                "512",
                "-nodefaults",
                "-display",
                "none",
                "-no-reboot",
                "-serial",
                "stdio",
                "-netdev",
                "user,id=n,restrict=on",
                "-device",
                "virtio-net-pci,netdev=n",
                "-drive",
                "if=none,id=d,format=raw,snapshot=on,file=" + disk));
    command.addAll(List.of(device));
    return ChildProcess.start(command);
  }
}
