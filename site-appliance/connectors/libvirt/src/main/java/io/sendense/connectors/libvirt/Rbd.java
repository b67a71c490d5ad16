package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Ceph cluster's images through its own {@code rbd} program, with the keys that the cluster's
 * configuration file names. Images are given as {@code pool/image}.
 *
 * @param configuration as {@code /etc/ceph/ceph.conf}
 * @param user without {@code client.}
 * @param deadline for each call
 */
record Rbd(Path configuration, String user, Duration deadline) {
  /** Some hundred thousand ranges; an image that changed in more places is compared in full. */
  private static final int MOST_OUTPUT = 32 << 20;

  private static final int LONGEST_WORDS = 500;

  /**
   * @param id unique in its image, also after its name was used again
   */
  record Snapshot(long id, String name) {}

  List<Snapshot> snapshots(String image) {
    return RbdText.snapshots(run("snap", "ls", "--format", "json", "--", image));
  }

  /** Whether another client that takes a snapshot has QEMU write out first what it holds back. */
  boolean isOrderly(String image) {
    return RbdText.features(run("info", "--format", "json", "--", image))
        .contains("exclusive-lock");
  }

  void create(String image, String snapshot) {
    run("snap", "create", "--no-progress", "--", image + "@" + snapshot);
  }

  /** One that is not there is no error. */
  void remove(String image, String snapshot) {
    if (snapshots(image).stream().anyMatch(one -> one.name().equals(snapshot))) {
      run("snap", "rm", "--no-progress", "--", image + "@" + snapshot);
    }
  }

  /** What is not the same in the later snapshot, as offset and length. */
  List<long[]> changes(String image, String from, String to) {
    return RbdText.ranges(
        run("diff", "--from-snap", from, "--format", "json", "--", image + "@" + to));
  }

  private String run(String... words) {
    List<String> command =
        new ArrayList<>(List.of("rbd", "-c", configuration.toString(), "--id", user));
    command.addAll(List.of(words));
    Path errors = null;
    Process process = null;
    try {
      errors = Files.createTempFile("sendense-rbd", "");
      process =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectError(errors.toFile())
              .start();
      Process running = process;
      Thread.ofVirtual().start(() -> killAfter(running));
      String said;
      try (InputStream out = process.getInputStream()) {
        byte[] read = out.readNBytes(MOST_OUTPUT + 1);
        if (read.length > MOST_OUTPUT) {
          throw failed(words[0], "it said more than " + MOST_OUTPUT + " bytes", null);
        }
        said = new String(read, StandardCharsets.UTF_8);
      }
      if (process.waitFor() != 0) {
        String text = Files.readString(errors, StandardCharsets.ISO_8859_1).strip();
        throw failed(words[0], text.substring(Math.max(0, text.length() - LONGEST_WORDS)), null);
      }
      return said;
    } catch (IOException e) {
      throw failed(words[0], String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(ErrorCode.CANCELLED, "rbd was interrupted", "", e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
      delete(Optional.ofNullable(errors));
    }
  }

  private void killAfter(Process process) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Optional<Path> file) {
    try {
      if (file.isPresent()) {
        Files.deleteIfExists(file.get());
      }
    } catch (IOException e) {
      // In the folder for temporary files, and empty.
      file.get().toFile().deleteOnExit();
    }
  }

  private static SendenseException failed(
      String what, String why, @org.jspecify.annotations.Nullable Exception cause) {
    return new SendenseException(
        ErrorCode.SOURCE_PROTOCOL,
        "rbd " + what + ": " + why,
        "See that this works here: rbd -c CONF --id USER ls (Debian: apt install ceph-common).",
        cause);
  }
}
