package io.sendense.recovery.convert;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.initramfs.Modules;
import io.sendense.recovery.initramfs.Packing;
import io.sendense.recovery.work.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Puts together the machine that writes a Windows guest's volume, of this host's parts since the
 * guest has none: a Linux kernel with its modules, and ntfs-3g with the libraries it is linked to.
 */
final class NtfsHelper {
  private static final int MOST = 64 << 20;
  private static final int MOST_FILES = 20_000;
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final List<String> WANTED = List.of("virtio_pci", "virtio_blk", "fuse");

  /**
   * Without users that it knows ntfs-3g gives everyone all rights to new files. These are nobody's:
   * what root makes belongs to Windows's administrators whatever stands here.
   */
  private static final String USERS =
      """
      0:0:S-1-5-21-3141592653-589793238-4626433-1000
      ::S-1-5-21-3141592653-589793238-4626433-10000
      """;

  private final Path root;
  private final Path ntfs3g;

  /**
   * @param root a folder with boot/vmlinuz-VERSION and lib/modules/VERSION, as an installed or an
   *     unpacked kernel package has them
   * @param ntfs3g the program
   */
  NtfsHelper(Path root, Path ntfs3g) {
    this.root = root;
    this.ntfs3g = ntfs3g;
  }

  /**
   * @throws SendenseException MISSING_TOOL where there is no kernel or no ntfs-3g
   */
  Report.Helper make() {
    try {
      for (Path kernel : kernels()) {
        Optional<List<Report.Helper.File>> modules =
            modules(kernel.getFileName().toString().substring("vmlinuz-".length()));
        if (modules.isPresent()) {
          return new Report.Helper(
              Files.readAllBytes(kernel), "virtio_blk", modules.get(), programs());
        }
      }
    } catch (IOException e) {
      throw missing("the kernel in " + root + " cannot be read: " + e, e);
    }
    throw missing("there is no kernel with the modules " + WANTED + " in " + root, null);
  }

  private Optional<List<Report.Helper.File>> modules(String version) throws IOException {
    Path folder = root.resolve("lib/modules").resolve(version);
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    Map<String, Path> files = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.limit(MOST_FILES)
          .filter(file -> file.getFileName().toString().matches(".+\\.ko(\\.(xz|gz|zst))?"))
          .forEach(file -> files.putIfAbsent(Modules.name(file.toString()), file));
    }
    Path list = folder.resolve("modules.builtin");
    Modules builtin = new Modules("", Files.exists(list) ? Files.readString(list) : "");
    Map<String, byte[]> taken = new LinkedHashMap<>();
    for (String name : WANTED) {
      if (!take(name, files, builtin, taken, new LinkedHashSet<>())) {
        return Optional.empty();
      }
    }
    List<Report.Helper.File> modules = new ArrayList<>();
    taken.forEach((name, content) -> modules.add(new Report.Helper.File(name, content)));
    return Optional.of(modules);
  }

  /** What a module needs comes before it. A package that was only unpacked has no modules.dep. */
  private static boolean take(
      String name,
      Map<String, Path> files,
      Modules builtin,
      Map<String, byte[]> taken,
      Set<String> way)
      throws IOException {
    if (taken.containsKey(name) || builtin.isBuiltin(name)) {
      return true;
    }
    Path file = files.get(name);
    if (file == null || !way.add(name)) {
      return false;
    }
    byte[] module = Packing.unpack(Files.readAllBytes(file), MOST);
    for (String needed : needs(module)) {
      if (!take(needed, files, builtin, taken, way)) {
        return false;
      }
    }
    taken.put(name, module);
    return true;
  }

  /** From the module's own information: {@code depends=one,two}, between zeros. */
  private static List<String> needs(byte[] module) {
    String text = new String(module, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\0depends=");
    if (at < 0) {
      return List.of();
    }
    String names = text.substring(at + 9, text.indexOf('\0', at + 9));
    return Stream.of(names.split(",", -1))
        .filter(name -> !name.isEmpty())
        .map(Modules::name)
        .toList();
  }

  private List<Report.Helper.File> programs() throws IOException {
    if (!Files.isExecutable(ntfs3g)) {
      throw missing(ntfs3g + " is not there", null);
    }
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("bin/ntfs-3g", ntfs3g);
    Run ldd = Run.finish(new ProcessBuilder("ldd", ntfs3g.toString()).start(), "ldd", DEADLINE);
    for (String line : ldd.output().lines().toList()) {
      // "name => /path (address)", or the loader's path alone.
      String path = line.strip().replaceFirst("^.* => ", "").replaceFirst(" \\(0x.*$", "");
      if (path.startsWith("/")) {
        files.put(
            line.contains("=>") ? "lib/" + Path.of(path).getFileName() : path.substring(1),
            Path.of(path));
      }
    }
    List<Report.Helper.File> programs = new ArrayList<>();
    programs.add(new Report.Helper.File("etc/usermap", USERS.getBytes(StandardCharsets.US_ASCII)));
    for (Map.Entry<String, Path> file : files.entrySet()) {
      programs.add(new Report.Helper.File(file.getKey(), Files.readAllBytes(file.getValue())));
    }
    return programs;
  }

  /** The last by name first. */
  private List<Path> kernels() throws IOException {
    Path boot = root.resolve("boot");
    if (!Files.isDirectory(boot)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(boot)) {
      return all.filter(file -> file.getFileName().toString().startsWith("vmlinuz-"))
          .sorted(Comparator.comparing(Path::toString).reversed())
          .toList();
    }
  }

  private static SendenseException missing(
      String what, @org.jspecify.annotations.Nullable Throwable cause) {
    return new SendenseException(
        ErrorCode.MISSING_TOOL,
        what,
        "A Windows guest is written to by ntfs-3g under a Linux kernel in a machine of its own. On"
            + " Debian: apt-get install ntfs-3g linux-image-cloud-amd64; or unpack that kernel's"
            + " package with dpkg-deb -x and name the folder with --kernel.",
        cause);
  }
}
