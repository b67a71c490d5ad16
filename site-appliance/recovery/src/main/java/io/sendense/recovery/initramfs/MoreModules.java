package io.sendense.recovery.initramfs;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * An archive that, behind a guest's own initramfs, gives it more modules: their files, and indexes
 * in which modprobe finds the old ones and the new. udev then loads what the machine's devices ask
 * for, as it does anyway.
 */
public final class MoreModules {
  private final Initramfs present;
  private final Modules modules;
  private final String folder;

  private MoreModules(Initramfs present, Modules modules, String folder) {
    this.present = present;
    this.modules = modules;
    this.folder = folder;
  }

  /** For the modules of this kernel; empty where the initramfs has no folder for them. */
  public static Optional<MoreModules> of(Initramfs present, Modules modules, String version) {
    for (String start : List.of("usr/lib/modules/", "lib/modules/")) {
      String folder = start + version;
      if (present.items().keySet().stream().anyMatch(name -> name.startsWith(folder + "/"))) {
        return Optional.of(new MoreModules(present, modules, folder));
      }
    }
    return Optional.empty();
  }

  /** The modules whose files are in the initramfs already. */
  public Set<String> here() {
    return placed().keySet();
  }

  private Map<String, String> placed() {
    Map<String, String> placed = new LinkedHashMap<>();
    for (String name : present.items().keySet()) {
      if (name.startsWith(folder + "/") && name.matches(".*\\.ko(\\.(xz|zst|gz))?")) {
        placed.put(Modules.name(name), name.substring(folder.length() + 1));
      }
    }
    return placed;
  }

  /** What is wanted and not there, with what it needs. */
  public List<String> missing(List<String> wanted) {
    Set<String> here = here();
    return modules.closure(wanted).stream().filter(name -> !here.contains(name)).toList();
  }

  /**
   * The archive.
   *
   * @param add as {@link #missing} has them
   * @param module the file of a module by its path in the kernel's folder, not compressed
   * @param alias modules.alias and modules.alias.bin of all the kernel's modules, where there are
   * @param others files to go with them or in the place of such of the initramfs
   */
  public byte[] archive(
      List<String> add,
      Function<String, byte[]> module,
      Map<String, byte[]> alias,
      Map<String, byte[]> others) {
    CpioWriter cpio = new CpioWriter();
    Set<String> folders = new LinkedHashSet<>(present.items().keySet());
    Map<String, String> placed = placed();
    if (!add.isEmpty()) {
      for (String name : add) {
        String path = modules.path(name).orElseThrow();
        // Not compressed in any case, since not every initramfs can unpack what is.
        String plain = path.replaceFirst("\\.ko\\..*$", ".ko");
        file(cpio, folders, folder + "/" + plain, module.apply(path));
        placed.put(name, plain);
      }
      Map<String, String> lines = modules.lines(placed);
      String text = String.join("\n", lines.values()) + "\n";
      file(cpio, folders, folder + "/modules.dep", text.getBytes(StandardCharsets.US_ASCII));
      file(cpio, folders, folder + "/modules.dep.bin", ModuleIndex.of(lines));
      alias.forEach((name, bytes) -> file(cpio, folders, folder + "/" + name, bytes));
    }
    others.forEach((name, bytes) -> file(cpio, folders, name, bytes));
    return cpio.finish();
  }

  private static void file(CpioWriter cpio, Set<String> there, String name, byte[] content) {
    for (int slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1)) {
      String parent = name.substring(0, slash);
      if (there.add(parent)) {
        cpio.folder(parent);
      }
    }
    cpio.file(name, 0644, content);
  }
}
