package io.sendense.recovery.convert;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.initramfs.Modules;
import io.sendense.recovery.initramfs.Packing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes out of the guest what a machine that writes its file systems needs: its own newest kernel,
 * which knows them, and that kernel's drivers.
 */
final class Helpers {
  private static final int MOST = 64 << 20;

  private static final List<String> DISKS = List.of("virtio_blk", "nvme");

  /** What a file system's own module asks for only once it is used. */
  private static final Map<String, List<String>> SYSTEMS =
      Map.of(
          "ext2", List.of("crc32c_generic", "ext4", "ext2"),
          "ext3", List.of("crc32c_generic", "ext4", "ext3"),
          "ext4", List.of("crc32c_generic", "ext4"),
          "xfs", List.of("crc32c_generic", "xfs"),
          "btrfs",
              List.of(
                  "crc32c_generic", "xxhash_generic", "sha256_generic", "blake2b_generic", "btrfs"),
          "FAT", List.of("vfat", "nls_cp437", "nls_ascii", "nls_iso8859_1", "nls_utf8"));

  private Helpers() {}

  static Optional<Report.Helper> of(LinuxCheck linux, Contents contents, Draft draft) {
    if (draft.changes().isEmpty()) {
      return Optional.empty();
    }
    Set<String> types = new LinkedHashSet<>();
    for (Change change : draft.changes()) {
      var system = contents.systems().get(change.volume());
      if (system != null) {
        types.add(system.type());
      }
    }
    for (Kernel kernel : linux.kernels().reversed()) {
      try {
        Optional<Report.Helper> helper = of(kernel, linux.tree(), types);
        if (helper.isPresent()) {
          return helper;
        }
      } catch (SendenseException | IOException e) {
        draft.note("kernel " + kernel.version(), "it cannot be used to write: " + e.getMessage());
      }
    }
    draft.blocker(
        "writing",
        "no kernel of the guest drives "
            + DISKS
            + " and its file systems "
            + types
            + ", which the machine that writes needs");
    return Optional.empty();
  }

  private static Optional<Report.Helper> of(Kernel kernel, GuestTree tree, Set<String> types)
      throws IOException {
    Modules modules = kernel.modules();
    Optional<String> disk = DISKS.stream().filter(modules::has).findFirst();
    if (disk.isEmpty()) {
      return Optional.empty();
    }
    List<String> wanted = new ArrayList<>();
    if (disk.get().equals("virtio_blk")) {
      wanted.add("virtio_pci");
    }
    wanted.add(disk.get());
    for (String type : types) {
      wanted.addAll(SYSTEMS.getOrDefault(type.startsWith("FAT") ? "FAT" : type, List.of(type)));
    }
    List<Report.Helper.File> files = new ArrayList<>();
    for (String name : modules.closure(wanted)) {
      String path = kernel.folder() + "/" + modules.path(name).orElseThrow();
      Optional<GuestTree.Place> file = tree.file(path);
      if (file.isEmpty()) {
        return Optional.empty();
      }
      files.add(
          new Report.Helper.File(name, Packing.unpack(GuestTree.bytes(file.get(), MOST), MOST)));
    }
    return Optional.of(
        new Report.Helper(
            GuestTree.bytes(kernel.image(), MOST), disk.get(), List.copyOf(files), List.of()));
  }
}
