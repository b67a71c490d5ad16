package io.sendense.recovery.convert;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.work.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** qemu-img, for an image over a disk and for what it holds to go down into the disk. */
final class ImageTool {
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
    Run ended = Run.finish(start(command), "qemu-img " + words[0], deadline);
    if (ended.exitCode() != 0) {
      throw failed(command, ended.output().strip());
    }
  }

  private Process start(List<String> command) {
    try {
      return new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL,
          qemuImg + " cannot be started: " + e.getMessage(),
          "On Debian: apt-get install qemu-utils",
          e);
    }
  }

  private static SendenseException failed(List<String> command, String said) {
    boolean full = said.contains("No space left");
    return new SendenseException(
        full ? ErrorCode.NO_SPACE : ErrorCode.CONFLICT,
        "qemu-img " + command.get(1) + " failed: " + said,
        full
            ? "Free space beside the disk, then run the same command again."
            : "See that nothing else uses the disk, then run the same command again.");
  }
}
