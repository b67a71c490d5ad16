package io.sendense.recovery.convert;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.Guest;
import io.sendense.recovery.initramfs.Initramfs;
import io.sendense.recovery.initramfs.Modules;
import io.sendense.recovery.initramfs.MoreModules;
import io.sendense.recovery.initramfs.Packing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether each kernel finds its root on the target's disks, and what its initramfs lacks. */
final class KernelCheck {
  private static final int MOST_MODULE = 64 << 20;
  private static final int MOST_INDEX = 16 << 20;

  private final GuestTree tree;
  private final Target target;
  private final Draft draft;
  private final DeviceText devices;

  KernelCheck(GuestTree tree, Target target, Draft draft, DeviceText devices) {
    this.tree = tree;
    this.target = target;
    this.draft = draft;
    this.devices = devices;
  }

  void check(List<Kernel> kernels) {
    if (kernels.isEmpty()) {
      draft.blocker("kernel", "/boot has no kernel whose modules are in /lib/modules");
      return;
    }
    int fit = 0;
    for (Kernel kernel : kernels) {
      if (check(kernel)) {
        fit++;
      }
    }
    if (fit == 0) {
      draft.blocker(
          "kernel", "no kernel has a driver for disks of " + target.label() + ": " + target.disk());
    }
  }

  private boolean check(Kernel kernel) {
    Modules modules = kernel.modules();
    String subject = "kernel " + kernel.version();
    List<String> disk = target.disk().stream().filter(modules::has).toList();
    if (disk.isEmpty()) {
      draft.warning(subject, "it has none of the drivers " + target.disk() + " and will not start");
      return false;
    }
    if (!disk.getFirst().equals(target.disk().getFirst())) {
      draft.warning(
          subject,
          "it has no " + target.disk().getFirst() + "; give the machine disks for " + disk);
    }
    List<String> cards = target.network().stream().filter(modules::has).toList();
    if (cards.isEmpty()) {
      draft.warning(subject, "it has no driver for network cards: " + target.network());
    } else if (!cards.getFirst().equals(target.network().getFirst())) {
      draft.warning(
          subject,
          "it has no " + target.network().getFirst() + "; give the machine cards for " + cards);
    }
    List<String> wanted = new java.util.ArrayList<>(disk);
    target.helpful().stream().filter(modules::has).forEach(wanted::add);
    List<String> loadable = wanted.stream().filter(name -> !modules.isBuiltin(name)).toList();
    if (kernel.initramfs().isEmpty()) {
      if (disk.stream().noneMatch(modules::isBuiltin)) {
        draft.blocker(subject, "it has no initramfs, and none of " + disk + " is built into it");
      }
      return true;
    }
    try {
      initramfs(kernel, kernel.initramfs().get(), loadable, subject);
    } catch (SendenseException e) {
      boolean known = disk.stream().anyMatch(modules::isBuiltin);
      String text = "its initramfs cannot be read: " + e.getMessage();
      if (known) {
        draft.warning(subject, text);
      } else {
        draft.blocker(subject, text);
      }
    }
    return true;
  }

  private void initramfs(
      Kernel kernel, GuestTree.Place place, List<String> wanted, String subject) {
    Initramfs present =
        Initramfs.read(place.file().content(), name -> name.startsWith("conf/conf.d/"));
    Map<String, byte[]> others = new LinkedHashMap<>();
    present
        .items()
        .forEach(
            (name, item) -> {
              if (name.startsWith("conf/conf.d/") && !item.isLink()) {
                devices
                    .rewritten(item.text(), "initramfs " + name)
                    .ifPresent(text -> others.put(name, text.getBytes(StandardCharsets.UTF_8)));
              }
            });
    Optional<MoreModules> more = MoreModules.of(present, kernel.modules(), kernel.version());
    List<String> missing = more.map(one -> one.missing(wanted)).orElse(List.of());
    if (more.isEmpty()) {
      if (!wanted.isEmpty()) {
        draft.blocker(
            subject, "its initramfs has no folder of modules for it, so none can be added");
      }
      return;
    }
    if (missing.isEmpty() && others.isEmpty()) {
      draft.note(subject, "its initramfs has the drivers already");
      return;
    }
    Map<String, byte[]> alias = new LinkedHashMap<>();
    for (String name : List.of("modules.alias", "modules.alias.bin")) {
      tree.file(kernel.folder() + "/" + name)
          .ifPresent(file -> alias.put(name, GuestTree.bytes(file, MOST_INDEX)));
    }
    byte[] archive = more.get().archive(missing, path -> module(kernel, path), alias, others);
    draft.change(
        new Change(
            Change.Kind.APPEND,
            place.volume().name(),
            place.path(),
            place.file().attributes().sizeBytes(),
            archive,
            missing.isEmpty()
                ? "settings in it name a device of the old platform"
                : "drivers that it lacks: " + String.join(", ", missing)));
  }

  private byte[] module(Kernel kernel, String path) {
    GuestTree.Place file =
        tree.file(kernel.folder() + "/" + path)
            .orElseThrow(
                () -> Guest.damaged("modules.dep", path, 0, "the file it names is not there"));
    try {
      return Packing.unpack(GuestTree.bytes(file, MOST_MODULE), MOST_MODULE);
    } catch (IOException e) {
      throw Guest.damaged("module", path, 0, String.valueOf(e.getMessage()));
    }
  }
}
