package io.sendense.demo.guest;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The guest's kernel and initramfs. Made from Debian's own packages, which are fetched by apt (so
 * their signatures are checked) and unpacked into a folder, never installed; kept there for later
 * starts.
 */
public record GuestImage(Path kernel, Path initrd) {
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
          "virtio_console");

  /**
   * Takes the image from the cache folder or builds it there. The packages are fetched once; the
   * initramfs is always written anew, as its scripts may have changed.
   *
   * @throws SendenseException MISSING_TOOL or INTERNAL with apt's own words
   */
  public static GuestImage build(Path cacheFolder) {
    try {
      Path folder = Files.createDirectories(cacheFolder.toAbsolutePath());
      Path kernel = folder.resolve("vmlinuz");
      if (!Files.exists(folder.resolve("complete"))) {
        fetch(folder);
        Files.writeString(folder.resolve("complete"), "");
      }
      Path initrd = folder.resolve("initrd.gz");
      writeInitrd(folder, initrd);
      return new GuestImage(kernel, initrd);
    } catch (IOException e) {
      throw new UncheckedIOException("the guest image could not be built in " + cacheFolder, e);
    }
  }

  private static void fetch(Path folder) throws IOException {
    String versioned = versionedKernel(folder);
    unpack(folder, versioned);
    unpack(folder, BUSYBOX);
    Path root = folder.resolve("root");
    Files.copy(
        find(root.resolve("boot"), "vmlinuz-"),
        folder.resolve("vmlinuz"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.createDirectories(folder.resolve("modules"));
    for (String module : MODULES) {
      Files.copy(
          find(root.resolve("lib/modules"), module + ".ko"),
          folder.resolve("modules").resolve(module + ".ko"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    Files.copy(
        find(root.resolve("bin"), "busybox"),
        folder.resolve("busybox"),
        StandardCopyOption.REPLACE_EXISTING);
    deleteTree(root);
  }

  /** The package that really holds a kernel; the one without a version only depends on it. */
  private static String versionedKernel(Path folder) {
    String text =
        Tool.run(folder, DOWNLOAD_DEADLINE, REMEDY, List.of("apt-cache", "depends", KERNEL));
    Matcher matcher = VERSIONED.matcher(text);
    if (!matcher.find()) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL, "apt knows no kernel package behind " + KERNEL, REMEDY);
    }
    return matcher.group(1);
  }

  private static void unpack(Path folder, String packageName) throws IOException {
    Path download = Files.createDirectories(folder.resolve("download"));
    Tool.run(download, DOWNLOAD_DEADLINE, REMEDY, List.of("apt-get", "download", packageName));
    Tool.run(
        folder,
        DOWNLOAD_DEADLINE,
        "Remove " + folder + " and try again.",
        List.of("dpkg-deb", "-x", find(download, packageName + "_").toString(), "root"));
    deleteTree(download);
  }

  private static void writeInitrd(Path folder, Path initrd) throws IOException {
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
      for (String script : List.of("init", "writer", "verify")) {
        cpio.file(script, script(script));
      }
    }
    Files.move(temporary, initrd, StandardCopyOption.ATOMIC_MOVE);
  }

  private static byte[] script(String name) throws IOException {
    try (@Nullable InputStream in = GuestImage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the guest's script " + name + " is not in this build");
      }
      return in.readAllBytes();
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

  private static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
