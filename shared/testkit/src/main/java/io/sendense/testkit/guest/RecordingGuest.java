package io.sendense.testkit.guest;

import io.sendense.testkit.Folders;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A guest that writes records to two disks and acknowledges each on its serial line, with QEMU's
 * own agent in it or one that misbehaves; its scripts are in {@code shared/testkit/guest}.
 *
 * @param kernel to be started with {@code initrd} directly; {@link #bootDisk} holds both as well
 */
public record RecordingGuest(Path kernel, Path initrd) {
  private static final List<String> SCRIPTS =
      List.of("init", "writer", "agent", "misbehave", "records");
  private static final int ESP_MEBIBYTES = 40;
  private static final int DATA_MEBIBYTES = 64;

  /**
   * Takes it from the checkout's cache or builds it there. A missing program skips the test, or
   * fails it where CI=true.
   */
  public static RecordingGuest build() {
    for (String tool : List.of("apt-get", "dpkg-deb", "ldd", "mke2fs")) {
      Peers.require(tool);
    }
    try {
      Path cache = Files.createDirectories(cacheFolder());
      // Tests of two modules may come at once.
      try (FileChannel channel =
              FileChannel.open(
                  cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        assert lock.isValid();
        GuestPackages packages = GuestPackages.in(cache);
        Path agent = packages.program("qemu-guest-agent", "usr/sbin", "qemu-ga");
        Path initrd = cache.resolve("initrd.gz");
        packages.initramfs(initrd, cpio -> addPrograms(cpio, agent));
        return new RecordingGuest(packages.kernel(), initrd);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the test guest could not be built", e);
    }
  }

  private static Path cacheFolder() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(".mvn"))) {
      @Nullable Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("tests run inside the checkout");
      }
      folder = parent;
    }
    return folder.resolve(".sendense/cache/recording-guest");
  }

  private static void addPrograms(CpioArchive cpio, Path agent) throws IOException {
    GuestFiles.agent(cpio, agent);
    for (String script : SCRIPTS) {
      cpio.file(script, script(script));
    }
  }

  private static byte[] script(String name) throws IOException {
    try (@Nullable InputStream in = RecordingGuest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the guest's script " + name + " is not in this build");
      }
      return in.readAllBytes();
    }
  }

  /**
   * Makes a raw disk that boots by BIOS and by UEFI and holds the records, without a loop device:
   * its parts are made as files and copied to their places.
   */
  public void bootDisk(Path target) {
    for (String tool : List.of("sfdisk", "syslinux", "mkfs.vfat", "mcopy", "mmd")) {
      Peers.require(tool);
    }
    try {
      Path work = Files.createTempDirectory("disk");
      Path esp = work.resolve("esp");
      Path data = work.resolve("data");
      GuestFiles.sized(esp, ESP_MEBIBYTES);
      GuestFiles.sized(data, DATA_MEBIBYTES);
      GuestFiles.sized(target, ESP_MEBIBYTES + DATA_MEBIBYTES + 2);
      GuestFiles.run("mkfs.vfat", "-n", "ESP", esp);
      GuestFiles.run("syslinux", "--install", esp);
      GuestFiles.run("mmd", "-i", esp, "::EFI", "::EFI/BOOT", "::loader", "::loader/entries");
      copyIn(esp, kernel, "vmlinuz");
      copyIn(esp, initrd, "initrd.gz");
      copyIn(
          esp,
          require("/usr/lib/systemd/boot/efi/systemd-bootx64.efi", "systemd-boot-efi"),
          "EFI/BOOT/BOOTX64.EFI");
      for (String[] file :
          List.of(
              new String[] {"syslinux.cfg", "syslinux.cfg"},
              new String[] {"loader.conf", "loader/loader.conf"},
              new String[] {"guest.conf", "loader/entries/guest.conf"})) {
        Files.write(work.resolve(file[0]), script(file[0]));
        copyIn(esp, work.resolve(file[0]), file[1]);
      }
      GuestFiles.run("mke2fs", "-q", "-F", "-t", "ext4", "-L", "data", data);
      Files.write(work.resolve("table"), script("partitions"));
      GuestFiles.run(
          "sh", "-c", "/sbin/sfdisk -q \"$1\" < \"$2\"", "sh", target, work.resolve("table"));
      GuestFiles.place(require("/usr/lib/syslinux/mbr/gptmbr.bin", "syslinux-common"), target, 0);
      GuestFiles.place(esp, target, GuestFiles.MEBIBYTE);
      GuestFiles.place(data, target, GuestFiles.MEBIBYTE * (1 + ESP_MEBIBYTES));
      Folders.delete(work);
    } catch (IOException e) {
      throw new UncheckedIOException("the disk " + target + " could not be made", e);
    }
  }

  /** Makes the raw disk without partitions on which the records are noted a second time. */
  public static void logDisk(Path target) {
    try {
      GuestFiles.sized(target, 32);
      GuestFiles.run("mke2fs", "-q", "-F", "-t", "ext4", "-L", "log", target);
    } catch (IOException e) {
      throw new UncheckedIOException("the disk " + target + " could not be made", e);
    }
  }

  private static void copyIn(Path esp, Path file, String name) {
    GuestFiles.run("mcopy", "-o", "-i", esp, file, "::" + name);
  }

  private static Path require(String file, String packageName) {
    Path path = Path.of(file);
    if (!Files.exists(path)) {
      Peers.require(packageName + " (a Debian package)");
    }
    return path;
  }
}
