package io.sendense.recovery.convert;

import io.sendense.recovery.initramfs.Modules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A kernel that the guest can start.
 *
 * @param image its file
 * @param initramfs what it unpacks first, where there is one
 * @param folder of its modules as the guest has it
 */
record Kernel(
    String version,
    GuestTree.Place image,
    Optional<GuestTree.Place> initramfs,
    String folder,
    Modules modules) {

  /** All that are in /boot and have their modules, newest last as far as names tell. */
  static List<Kernel> all(GuestTree tree) {
    List<Kernel> found = new ArrayList<>();
    for (GuestTree.Place image : tree.list("/boot")) {
      if (image.name().startsWith("vmlinuz-") && !image.name().contains("rescue")) {
        String version = image.name().substring("vmlinuz-".length());
        String folder = "/lib/modules/" + version;
        Optional<String> dep = tree.text(folder + "/modules.dep");
        if (dep.isPresent()) {
          Modules modules =
              new Modules(dep.get(), tree.text(folder + "/modules.builtin").orElse(""));
          found.add(new Kernel(version, image, initramfs(tree, version), folder, modules));
        }
      }
    }
    return found;
  }

  private static Optional<GuestTree.Place> initramfs(GuestTree tree, String version) {
    return tree.file("/boot/initrd.img-" + version)
        .or(() -> tree.file("/boot/initramfs-" + version + ".img"))
        .or(() -> tree.file("/boot/initrd-" + version));
  }
}
