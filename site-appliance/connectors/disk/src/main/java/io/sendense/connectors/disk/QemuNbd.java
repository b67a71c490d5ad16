package io.sendense.connectors.disk;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.OwnerRecords.Resource;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.nbd.NbdUri;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A qemu-nbd child that serves one qcow2 file, read-only, over a private unix socket.
 *
 * <p>The socket's folder is written to the owner records before the child is started and names the
 * child on its command line, so {@link #reap} finds an orphan whatever process id it has. The child
 * also ends by itself when its last client has gone, because it is not started as persistent.
 */
final class QemuNbd implements AutoCloseable {
  static final String KIND = "qemu-nbd";
  private static final Duration START = Duration.ofSeconds(20);
  private static final Duration STOP = Duration.ofSeconds(10);
  private static final Duration ENDING = Duration.ofSeconds(2);
  private static final int CLIENTS = 16;
  private static final String SOCKET = "nbd.sock";

  private final OwnerRecords records;
  private final Resource resource;
  private final Process process;
  private final Path folder;
  private final Path image;

  private QemuNbd(
      OwnerRecords records, Resource resource, Process process, Path folder, Path image) {
    this.records = records;
    this.resource = resource;
    this.process = process;
    this.folder = folder;
    this.image = image;
  }

  /**
   * Returns when the socket accepts.
   *
   * @param source key of the owner record
   * @throws SendenseException MISSING_TOOL, NOT_FOUND, SOURCE_UNREADABLE with what qemu-nbd said;
   *     nothing stays behind
   */
  static QemuNbd start(OwnerRecords records, String source, Path image) {
    if (!Files.exists(image)) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND, "disk " + image + " is not there", "Check the path.");
    }
    Path folder = null;
    Resource resource = null;
    try {
      folder = Files.createTempDirectory("sendense-nbd-");
      resource = new Resource(source, KIND, folder.toString());
      records.add(resource);
      List<String> command =
          List.of(
              "qemu-nbd",
              "--read-only",
              "--format=qcow2",
              "--shared=" + CLIENTS,
              "--socket=" + folder.resolve(SOCKET),
              image.toAbsolutePath().toString());
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      QemuNbd server = new QemuNbd(records, resource, process, folder, image);
      try {
        server.awaitSocket();
      } catch (RuntimeException e) {
        server.close();
        throw e;
      }
      return server;
    } catch (IOException e) {
      if (folder != null) {
        deleteFolder(folder);
      }
      if (resource != null) {
        records.remove(resource);
      }
      throw new SendenseException(
          ErrorCode.MISSING_TOOL,
          "disk " + image + ": qemu-nbd cannot be started: " + e.getMessage(),
          "Install it (Debian: apt install qemu-utils).",
          e);
    }
  }

  private NbdUri uri() {
    return NbdUri.unix(folder.resolve(SOCKET), "");
  }

  private void awaitSocket() {
    long deadline = System.nanoTime() + START.toNanos();
    while (!Files.exists(folder.resolve(SOCKET))) {
      try {
        if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
          throw refused();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SendenseException(
            ErrorCode.CANCELLED, "opening disk " + image + " was cancelled", "", e);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            "disk " + image + ": qemu-nbd did not serve it within " + START.toSeconds() + " s",
            "Look at the load of this machine and try again.");
      }
    }
  }

  private SendenseException refused() {
    return new SendenseException(
        ErrorCode.SOURCE_UNREADABLE,
        "disk " + image + " cannot be opened as qcow2: " + log(),
        "If a virtual machine runs on it, back up through its QMP socket; if it is a raw disk,"
            + " write raw:"
            + image
            + ".");
  }

  /**
   * Runs what connects to the server. The socket is there before the image is opened, so a refused
   * image may show only as a connection that ends; the failure is then what qemu-nbd said.
   */
  <T> T connect(Function<NbdUri, T> open) {
    try {
      return open.apply(uri());
    } catch (SendenseException e) {
      try {
        if (process.waitFor(ENDING.toMillis(), TimeUnit.MILLISECONDS)) {
          SendenseException refused = refused();
          refused.addSuppressed(e);
          throw refused;
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
  }

  private String log() {
    try {
      String text = Files.readString(folder.resolve("log"), StandardCharsets.UTF_8).strip();
      String line = text.lines().findFirst().orElse("it ended without a word");
      return line.substring(0, Math.min(line.length(), 300));
    } catch (IOException e) {
      return "its output cannot be read";
    }
  }

  /** Ends the child and removes its folder and record. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    deleteFolder(folder);
    records.remove(resource);
  }

  /** Ends every child and removes every folder that an earlier process recorded for a source. */
  static void reap(OwnerRecords records, String source) {
    for (Resource resource : records.list(source)) {
      if (!resource.kind().equals(KIND)) {
        continue;
      }
      Path folder = Path.of(resource.name());
      String argument = "--socket=" + folder.resolve(SOCKET);
      ProcessHandle.allProcesses()
          .filter(handle -> serves(handle, argument))
          .forEach(ProcessHandle::destroyForcibly);
      deleteFolder(folder);
      records.remove(resource);
    }
  }

  private static boolean serves(ProcessHandle handle, String argument) {
    return handle.info().arguments().map(List::of).orElse(List.of()).contains(argument)
        && handle.info().command().orElse("").endsWith("qemu-nbd");
  }

  private static void deleteFolder(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(SOCKET));
      Files.deleteIfExists(folder.resolve("log"));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL, "folder " + folder + " cannot be removed", "Remove it by hand.", e);
    }
  }
}
