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

/** qemu-img, for an image over a disk and for what it holds to go down into the disk. */
final class ImageTool {
  /** Of what it says only this much is kept. */
  private static final int SAID = 4 << 10;

  private final Path qemuImg;
  private final Duration deadline;

  ImageTool(Path qemuImg, Duration deadline) {
    this.qemuImg = qemuImg;
    this.deadline = deadline;
  }

  /** An empty qcow2 image over a disk, in which everything that is written stays. */
  void create(Path image, DiskFile disk) {
    run("create", "-q", "-f", "qcow2", "-F", disk.format(), "-b", absolute(disk.path()), image);
  }

  /**
   * Writes what an image holds into the disk below it and leaves the image as it is, so that this
   * can be done again after it was cut off.
   */
  void commit(Path image) {
    run("commit", "-q", "-d", "-f", "qcow2", "-t", "writeback", image);
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().toString();
  }

  private void run(Object... words) {
    List<String> command = new ArrayList<>(List.of(qemuImg.toString()));
    for (Object word : words) {
      command.add(word instanceof Path path ? absolute(path) : word.toString());
    }
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .start();
      Thread reaper = Thread.ofPlatform().daemon().start(() -> endLate(process));
      try (InputStream in = process.getInputStream()) {
        String said = new String(in.readNBytes(SAID), StandardCharsets.UTF_8).strip();
        process.waitFor();
        if (process.exitValue() != 0) {
          throw failed(command, said);
        }
      } finally {
        reaper.interrupt();
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, "the conversion was interrupted", "Run the same command again.", e);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL,
          qemuImg + " cannot be started: " + e.getMessage(),
          "On Debian: apt-get install qemu-utils",
          e);
    }
  }

  private void endLate(Process process) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static SendenseException failed(List<String> command, String said) {
    boolean full = said.contains("No space left");
    return new SendenseException(
        full ? ErrorCode.NO_SPACE : ErrorCode.CONFLICT,
        "qemu-img " + command.get(1) + " failed: " + (said.isEmpty() ? "it was ended" : said),
        full
            ? "Free space beside the disk, then run the same command again."
            : "See that nothing else uses the disk, then run the same command again.");
  }
}
