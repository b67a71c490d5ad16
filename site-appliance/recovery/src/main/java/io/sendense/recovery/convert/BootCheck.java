package io.sendense.recovery.convert;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Volume;
import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.GuestName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which firmware the disks start from, and what the boot loader's settings name. */
final class BootCheck {
  private static final List<String> SETTINGS =
      List.of(
          "/boot/grub/grub.cfg",
          "/boot/grub2/grub.cfg",
          "/etc/default/grub",
          "/etc/kernel/cmdline",
          "/boot/extlinux/extlinux.conf",
          "/boot/syslinux/syslinux.cfg",
          "/extlinux.conf",
          "/etc/initramfs-tools/conf.d/resume");
  private static final List<String> FOLDERS =
      List.of("/boot/loader/entries", "/boot/efi/loader/entries", "/etc/default/grub.d");

  private final GuestTree tree;
  private final Draft draft;
  private final DeviceText devices;

  BootCheck(GuestTree tree, Draft draft, DeviceText devices) {
    this.tree = tree;
    this.draft = draft;
    this.devices = devices;
  }

  void settings() {
    for (String path : SETTINGS) {
      tree.file(path).ifPresent(this::setting);
    }
    for (String folder : FOLDERS) {
      tree.list(folder).stream()
          .filter(place -> place.name().endsWith(".conf") || place.name().endsWith(".cfg"))
          .forEach(this::setting);
    }
    if (tree.text("/boot/grub2/grubenv").filter(text -> text.contains("=/dev/")).isPresent()) {
      draft.warning(
          "boot loader",
          "/boot/grub2/grubenv names devices; run grub2-editenv in the guest after it has started");
    }
    if (tree.exists("/boot/grub/device.map") || tree.exists("/boot/grub2/device.map")) {
      draft.note("boot loader", "device.map names old disks; only grub-install reads it");
    }
  }

  private void setting(GuestTree.Place place) {
    if (place.file().attributes().kind() != io.sendense.recovery.fs.FileKind.FILE) {
      return;
    }
    devices
        .rewritten(GuestTree.text(place), place.guestPath())
        .ifPresent(
            text ->
                draft.change(
                    Change.replace(place, text, "device names in kernel arguments become UUIDs")));
  }

  /**
   * Says from which firmware the disks start; adds the fallback path of UEFI where it is missing.
   */
  static String firmware(
      List<GuestDisk> disks,
      List<GuestVolume> volumes,
      Map<String, GuestFileSystem> systems,
      Draft draft) {
    boolean bios = !disks.isEmpty() && bootCode(disks.getFirst().source());
    Optional<GuestVolume> esp =
        volumes.stream().filter(volume -> efi(volume, systems).isPresent()).findFirst();
    if (esp.isEmpty()) {
      if (!bios) {
        draft.warning("firmware", "the first disk has no boot code, and no disk an EFI partition");
      }
      return bios ? "BIOS" : "none";
    }
    GuestFile efi = efi(esp.get(), systems).orElseThrow();
    Optional<GuestFile> fallback = folder(efi, "BOOT").flatMap(f -> child(f, "BOOTX64.EFI"));
    if (fallback.isEmpty()) {
      fallback(esp.get(), efi, draft);
    }
    return bios ? "BIOS and UEFI" : "UEFI";
  }

  /** The firmware of a new machine knows no boot entries, so it looks for EFI/BOOT/BOOTX64.EFI. */
  private static void fallback(GuestVolume esp, GuestFile efi, Draft draft) {
    for (String vendor :
        List.of(
            "debian",
            "ubuntu",
            "redhat",
            "centos",
            "rocky",
            "almalinux",
            "fedora",
            "sles",
            "opensuse",
            "systemd")) {
      Optional<GuestFile> folder = folder(efi, vendor);
      for (String loader : List.of("grubx64.efi", "systemd-bootx64.efi")) {
        Optional<GuestFile> file = folder.flatMap(f -> child(f, loader));
        if (file.isPresent() && file.get().attributes().sizeBytes() <= 16 << 20) {
          byte[] bytes = new byte[(int) file.get().attributes().sizeBytes()];
          file.get().content().read(0, java.nio.ByteBuffer.wrap(bytes));
          draft.change(
              new Change(
                  Change.Kind.CREATE,
                  esp.name(),
                  "/EFI/BOOT/BOOTX64.EFI",
                  -1,
                  bytes,
                  "a new machine's firmware finds no other path; a copy of "
                      + vendor
                      + "/"
                      + loader));
          draft.note(
              "firmware",
              "EFI/BOOT/BOOTX64.EFI is a copy of the boot loader without shim: secure boot has to"
                  + " be off until the guest's own tools have put theirs there");
          return;
        }
      }
    }
    draft.blocker(
        "firmware",
        "the EFI partition "
            + esp.name()
            + " has no EFI/BOOT/BOOTX64.EFI and no boot loader that"
            + " is known here");
  }

  private static Optional<GuestFile> efi(GuestVolume volume, Map<String, GuestFileSystem> systems) {
    return Optional.ofNullable(systems.get(volume.name()))
        .filter(system -> system.type().startsWith("FAT"))
        .flatMap(system -> folder(system.root(), "EFI"));
  }

  private static Optional<GuestFile> folder(GuestFile in, String name) {
    return child(in, name)
        .filter(file -> file.attributes().kind() == io.sendense.recovery.fs.FileKind.DIRECTORY);
  }

  private static Optional<GuestFile> child(GuestFile in, String name) {
    return in.child(GuestName.of(name));
  }

  private static boolean bootCode(BlockSource source) {
    if (source.sizeBytes() < 512) {
      return false;
    }
    var sector = new Volume(source, "disk").read(0, 512, "first sector");
    // A protective table alone has no code before it.
    return sector.u16(510) == 0xAA55 && !sector.zero(0, 64);
  }
}
