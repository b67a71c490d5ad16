package io.sendense.testkit.guest;

import io.sendense.testkit.Folders;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A guest that boots from its own disk by BIOS or UEFI, takes an address by DHCP, runs QEMU's
 * agent, an HTTP server on port 8080 over {@code /data/www} and {@code /data/start} where that is
 * there, and ends its boot with a login prompt on both consoles. Its second partition, an ext4,
 * holds what the test gives.
 */
public final class ServingGuest {
  private static final int BOOT_MEBIBYTES = 32;
  private static final Path UEFI_LOADER = Path.of("/usr/lib/systemd/boot/efi/systemd-bootx64.efi");

  private static final String INIT =
      """
      #!/bin/busybox sh
      /bin/busybox mkdir -p /proc /sys /dev /run /data /etc
      /bin/busybox --install -s /bin
      export PATH=/bin:/usr/sbin
      mount -t proc proc /proc
      mount -t sysfs sys /sys
      mount -t devtmpfs dev /dev
      mount -t tmpfs run /run
      while read -r module; do insmod "/modules/$module"; done < /modules/order
      if grep -q sendense.panic /proc/cmdline; then echo c > /proc/sysrq-trigger; fi
      mount -t ext4 "$(findfs LABEL=data)" /data
      hostname serving
      ip link set lo up
      ip link set eth0 up
      udhcpc -i eth0 -q -n -s /dhcp
      for path in /sys/class/virtio-ports/*; do
        if [ "$(cat "$path/name" 2>/dev/null)" = org.qemu.guest_agent.0 ]; then
          qemu-ga -m virtio-serial -p "/dev/${path##*/}" -t /run -f /run/agent.pid &
        fi
      done
      httpd -p 8080 -h /data/www
      if [ -d /sys/firmware/efi ]; then echo "booted by UEFI" > /dev/ttyS0; fi
      if [ -x /data/start ]; then /data/start > /dev/ttyS0 2>&1 & fi
      echo "serving login: " > /dev/tty0
      echo "serving login: " > /dev/ttyS0
      while :; do sleep 3600; done
      """;
  private static final String DHCP =
      """
      #!/bin/busybox sh
      [ "$1" = bound ] && ip addr add "$ip/24" dev "$interface"
      exit 0
      """;
  private final Path kernel;
  private final Path initrd;

  private ServingGuest(Path kernel, Path initrd) {
    this.kernel = kernel;
    this.initrd = initrd;
  }

  /**
   * Takes kernel and programs from the cache folder or fetches them into it. A missing program
   * skips the test, or fails it where CI=true.
   */
  public static ServingGuest build(Path cacheFolder) {
    for (String tool : List.of("apt-get", "dpkg-deb", "ldd", "mke2fs", "sfdisk", "syslinux")) {
      Peers.require(tool);
    }
    if (!Files.exists(UEFI_LOADER)) {
      Peers.require("systemd-boot-efi (a Debian package)");
    }
    try {
      Path cache = Files.createDirectories(cacheFolder.toAbsolutePath());
      try (FileChannel channel =
              FileChannel.open(
                  cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        assert lock.isValid();
        GuestPackages packages = GuestPackages.in(cache);
        Path agent = packages.program("qemu-guest-agent", "usr/sbin", "qemu-ga");
        Path initrd = cache.resolve("serving.gz");
        packages.initramfs(initrd, cpio -> add(cpio, agent));
        return new ServingGuest(packages.kernel(), initrd);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the test guest could not be built", e);
    }
  }

  /**
   * Makes the raw disk, without a loop device: its parts are made as files and copied to their
   * places.
   *
   * @param content becomes the second partition's root
   * @param more of the kernel's command line; {@code sendense.panic} makes its boot end in a panic
   */
  public void disk(Path target, Path content, int dataMebibytes, String more) {
    try {
      Path work = Files.createTempDirectory(target.toAbsolutePath().getParent(), "disk");
      Path boot = work.resolve("boot");
      Path data = work.resolve("data");
      Path loader = work.resolve("syslinux.cfg");
      Files.writeString(
          loader,
          """
          DEFAULT guest
          PROMPT 0
          LABEL guest
           LINUX /vmlinuz
           INITRD /initrd.gz
           APPEND console=tty0 console=ttyS0 quiet %s
          """
              .formatted(more));
      GuestFiles.sized(boot, BOOT_MEBIBYTES);
      GuestFiles.run("mkfs.vfat", "-n", "BOOT", boot);
      GuestFiles.run("mcopy", "-i", boot, kernel, "::vmlinuz");
      GuestFiles.run("mcopy", "-i", boot, initrd, "::initrd.gz");
      GuestFiles.run("mcopy", "-i", boot, loader, "::syslinux.cfg");
      GuestFiles.run("syslinux", "--install", boot);
      Path entry = work.resolve("guest.conf");
      Files.writeString(
          entry,
          """
          title guest
          linux /vmlinuz
          initrd /initrd.gz
          options console=tty0 console=ttyS0 quiet %s
          """
              .formatted(more));
      GuestFiles.run("mmd", "-i", boot, "::EFI", "::EFI/BOOT", "::loader", "::loader/entries");
      GuestFiles.run("mcopy", "-i", boot, UEFI_LOADER, "::EFI/BOOT/BOOTX64.EFI");
      GuestFiles.run("mcopy", "-i", boot, entry, "::loader/entries/guest.conf");
      GuestFiles.run(
          "mke2fs",
          "-q",
          "-F",
          "-t",
          "ext4",
          "-L",
          "data",
          "-d",
          content,
          data,
          dataMebibytes + "M");
      GuestFiles.sized(target, BOOT_MEBIBYTES + dataMebibytes + 2);
      Path table = work.resolve("table");
      Files.writeString(
          table,
          "label: dos\nstart=1MiB, size="
              + BOOT_MEBIBYTES
              + "MiB, type=c, bootable\nstart="
              + (BOOT_MEBIBYTES + 1)
              + "MiB, size="
              + dataMebibytes
              + "MiB, type=83\n");
      GuestFiles.run("sh", "-c", "/sbin/sfdisk -q \"$1\" < \"$2\"", "sh", target, table);
      GuestFiles.run(
          "dd", "if=/usr/lib/syslinux/mbr/mbr.bin", "of=" + target, "bs=440", "conv=notrunc");
      GuestFiles.place(boot, target, GuestFiles.MEBIBYTE);
      GuestFiles.place(data, target, GuestFiles.MEBIBYTE * (BOOT_MEBIBYTES + 1));
      Folders.delete(work);
    } catch (IOException e) {
      throw new UncheckedIOException("the disk " + target + " could not be made", e);
    }
  }

  private static void add(CpioArchive cpio, Path agent) throws IOException {
    GuestFiles.agent(cpio, agent);
    cpio.file("init", INIT.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    cpio.file("dhcp", DHCP.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
