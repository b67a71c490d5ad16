package io.sendense.testkit.guest;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Folders;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a guest is made of: Debian's cloud kernel, its modules and busybox. The packages are fetched
 * by apt, so that their signatures are checked, and unpacked into a folder, never installed; they
 * are kept there for later starts.
 */
public final class GuestPackages {
  private static final String KERNEL = "linux-image-cloud-amd64";
  private static final String BUSYBOX = "busybox-static";
  private static final Pattern VERSIONED =
      Pattern.compile("Depends: (linux-image-[0-9][^\\s]*-cloud-amd64(?:-unsigned)?)");
  private static final String REMEDY =
      "Debian's package lists are needed: run apt-get update (as root), and see that the packages "
          + KERNEL
          + " and "
          + BUSYBOX
          + " can be fetched.";
  private static final Duration DOWNLOAD_DEADLINE = Duration.ofMinutes(5);

  /** In the order of their dependencies; everything else that is needed is in the kernel. */
  private static final List<String> MODULES =
      List.of(
          "virtio_ring",
          "virtio",
          "virtio_pci_modern_dev",
          "virtio_pci_legacy_dev",
          "virtio_pci",
          "virtio_blk",
          "virtio_console",
          "failover",
          "net_failover",
          "virtio_net");

  private final Path folder;

  private GuestPackages(Path folder) {
    this.folder = folder;
  }

  /**
   * Takes them from the folder, or fetches them into it the first time.
   *
   * @throws SendenseException MISSING_TOOL or INTERNAL with apt's own words
   */
  public static GuestPackages in(Path folder) {
    try {
      GuestPackages packages =
          new GuestPackages(Files.createDirectories(folder.toAbsolutePath().normalize()));
      if (!Files.exists(packages.folder.resolve("complete-with-network"))) {
        packages.fetch();
        Files.writeString(packages.folder.resolve("complete-with-network"), "");
      }
      return packages;
    } catch (IOException e) {
      throw new UncheckedIOException("the guest's packages could not be put in " + folder, e);
    }
  }

  /**
   * The kernel's whole package, unpacked into a folder once: boot/vmlinuz-VERSION and
   * lib/modules/VERSION.
   *
   * @param cache a folder that is for this alone
   * @throws SendenseException MISSING_TOOL or INTERNAL with apt's own words
   */
  public static Path kernelTree(Path cache) {
    try {
      GuestPackages packages = new GuestPackages(Files.createDirectories(cache.toAbsolutePath()));
      Path tree = packages.folder.resolve("tree");
      if (!Files.exists(tree)) {
        Files.move(
            packages.unpack(packages.versionedKernel()), tree, StandardCopyOption.ATOMIC_MOVE);
      }
      return tree;
    } catch (IOException e) {
      throw new UncheckedIOException("the kernel could not be unpacked into " + cache, e);
    }
  }

  public Path kernel() {
    return folder.resolve("vmlinuz");
  }

  /** What goes into an initramfs besides busybox and the kernel's modules. */
  public interface More {
    void into(CpioArchive cpio) throws IOException;
  }

  /**
   * Writes an initramfs, in one step. In it {@code /bin/busybox}, and {@code /modules/order} with
   * the names of the modules beside it in the order in which they are loaded.
   */
  public void initramfs(Path target, More more) {
    try {
      Path temporary = Files.createTempFile(folder, "initrd-", ".gz");
      try (OutputStream out = Files.newOutputStream(temporary);
          CpioArchive cpio = new CpioArchive(out)) {
        cpio.directory("bin");
        cpio.directory("modules");
        cpio.file("bin/busybox", Files.readAllBytes(folder.resolve("busybox")));
        StringBuilder order = new StringBuilder();
        for (String module : MODULES) {
          String name = "modules/" + module + ".ko";
          cpio.file(name, Files.readAllBytes(folder.resolve(name)));
          order.append(module).append(".ko\n");
        }
        cpio.file("modules/order", order.toString().getBytes(StandardCharsets.UTF_8));
        more.into(cpio);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("the initramfs " + target + " could not be written", e);
    }
  }

  private void fetch() throws IOException {
    Path root = unpack(versionedKernel());
    Files.copy(
        find(root.resolve("boot"), "vmlinuz-"), kernel(), StandardCopyOption.REPLACE_EXISTING);
    Files.createDirectories(folder.resolve("modules"));
    for (String module : MODULES) {
      Files.copy(
          find(root.resolve("lib/modules"), module + ".ko"),
          folder.resolve("modules").resolve(module + ".ko"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    Folders.delete(root);
    take(BUSYBOX, "bin", "busybox");
  }

  /**
   * A program out of a Debian package, kept beside the kernel.
   *
   * @param under folder inside the package
   */
  public Path program(String packageName, String under, String name) {
    try {
      Path program = folder.resolve(name);
      if (!Files.exists(program)) {
        take(packageName, under, name);
      }
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(name + " could not be taken out of " + packageName, e);
    }
  }

  private void take(String packageName, String under, String name) throws IOException {
    Path root = unpack(packageName);
    Files.copy(
        find(root.resolve(under), name),
        folder.resolve(name),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
    Folders.delete(root);
  }

  /** The package that really holds a kernel; the one without a version only depends on it. */
  private String versionedKernel() {
    Matcher matcher = VERSIONED.matcher(run(folder, List.of("apt-cache", "depends", KERNEL)));
    if (!matcher.find()) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL, "apt knows no kernel package behind " + KERNEL, REMEDY);
    }
    return matcher.group(1);
  }

  private Path unpack(String packageName) throws IOException {
    Path download = Files.createDirectories(folder.resolve("download"));
    Path root = folder.resolve("root");
    run(download, List.of("apt-get", "download", packageName));
    Path file = find(download, packageName + "_");
    run(folder, List.of("dpkg-deb", "-x", file.toString(), root.toString()));
    Folders.delete(download);
    return root;
  }

  private static String run(Path in, List<String> command) {
    try (ChildProcess child = ChildProcess.start(command, Map.of(), Optional.of(in))) {
      int code = child.awaitExit(DOWNLOAD_DEADLINE);
      if (code != 0) {
        throw new SendenseException(
            ErrorCode.INTERNAL,
            String.join(" ", command) + " failed (" + code + "): " + child.stderr().strip(),
            REMEDY);
      }
      return child.stdout();
    } catch (UncheckedIOException e) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL,
          command.getFirst() + " could not be run: " + e.getMessage(),
          REMEDY,
          e);
    }
  }

  private static Path find(Path folder, String nameStart) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith(nameStart))
          .filter(Files::isRegularFile)
          .findFirst()
          .orElseThrow(
              () ->
                  new SendenseException(
                      ErrorCode.INTERNAL, "no " + nameStart + " in " + folder, REMEDY));
    }
  }
}
