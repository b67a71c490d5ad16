package io.sendense.recovery.convert;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A virtual machine without network that ends by itself, under emulation: it is done in seconds,
 * and whether KVM works here need not be found out.
 */
final class Machine {
  /** More than any sound kernel says; a machine that says more is ended. */
  private static final int MOST_SAID = 4 << 20;

  private final Path qemu;
  private final Duration deadline;
  private final boolean root;

  /** A part of a disk's file, as a disk of the machine. */
  record Slice(DiskFile file, long offset, long sizeBytes) {}

  /**
   * @param root whether this process has rights that QEMU is to drop
   */
  Machine(Path qemu, Duration deadline, boolean root) {
    this.qemu = qemu;
    this.deadline = deadline;
    this.root = root;
  }

  /**
   * Runs it to its end.
   *
   * @return what it wrote on its console
   * @throws SendenseException DEADLINE_EXCEEDED, GUEST_UNSUPPORTED where QEMU fails, LIMIT_REACHED
   */
  String run(Path kernel, Path initrd, int mebibytes, String model, List<Slice> disks) {
    List<String> command =
        new ArrayList<>(
            List.of(
                qemu.toString(),
                "-accel",
                "tcg,thread=multi",
                "-M",
                "q35",
                "-cpu",
                "max",
                "-m",
                Integer.toString(mebibytes),
                "-nodefaults",
                "-display",
                "none",
                "-no-reboot",
                "-serial",
                "stdio",
                "-sandbox",
                // Giving rights up is, to the filter, a change of rights.
                "on,obsolete=deny,spawn=deny,resourcecontrol=deny,elevateprivileges="
                    + (root ? "allow" : "deny"),
                "-kernel",
                kernel.toString(),
                "-initrd",
                initrd.toString(),
                "-append",
                "console=ttyS0 quiet panic=-1 rdinit=/init"));
    if (root) {
      command.addAll(List.of("-runas", "nobody"));
    }
    // A file is opened once, or QEMU's own lock would keep its second part from being opened.
    List<DiskFile> files = disks.stream().map(Slice::file).distinct().toList();
    for (int i = 0; i < files.size(); i++) {
      command.addAll(
          List.of(
              "-blockdev",
              "driver=file,node-name=f" + i + ",filename=" + escaped(files.get(i).path()),
              "-blockdev",
              "driver=" + files.get(i).format() + ",node-name=d" + i + ",file=f" + i));
    }
    for (int i = 0; i < disks.size(); i++) {
      Slice slice = disks.get(i);
      command.addAll(
          List.of(
              "-blockdev",
              "driver=raw,node-name=s"
                  + i
                  + ",file=d"
                  + files.indexOf(slice.file())
                  + ",offset="
                  + slice.offset()
                  + ",size="
                  + slice.sizeBytes(),
              "-device",
              model + ",drive=s" + i + ",serial=s" + i + ",share-rw=on"));
    }
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .start();
      return watch(process);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL,
          qemu + " cannot be started: " + e.getMessage(),
          "Install qemu-system-x86.",
          e);
    }
  }

  private String watch(Process process) throws IOException {
    Thread killer =
        Thread.ofPlatform()
            .daemon()
            .name("convert-deadline")
            .start(
                () -> {
                  try {
                    if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                      process.destroyForcibly();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    long end = System.nanoTime() + deadline.toNanos();
    try (InputStream in = process.getInputStream()) {
      byte[] said = in.readNBytes(MOST_SAID);
      if (said.length == MOST_SAID) {
        throw new SendenseException(
            ErrorCode.LIMIT_REACHED,
            "the machine that writes says more than " + MOST_SAID + " bytes",
            "Its kernel does not work here. The disks are as they were.");
      }
      process.waitFor();
      String text = new String(said, StandardCharsets.ISO_8859_1);
      if (System.nanoTime() >= end) {
        throw new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            "the machine that writes did not end within " + deadline.toSeconds() + " s",
            "The disks are as they were. Try again when this host is less busy.");
      }
      if (process.exitValue() != 0) {
        throw new SendenseException(
            ErrorCode.GUEST_UNSUPPORTED,
            "the machine that writes could not run: " + text.strip(),
            "See that nothing else uses the disk.");
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(ErrorCode.CANCELLED, "the conversion was interrupted", "");
    } finally {
      killer.interrupt();
      process.destroyForcibly();
    }
  }

  /** A comma in QEMU's options is written twice. */
  private static String escaped(Path path) {
    return path.toAbsolutePath().toString().replace(",", ",,");
  }
}
