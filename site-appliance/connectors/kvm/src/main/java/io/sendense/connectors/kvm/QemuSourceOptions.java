package io.sendense.connectors.kvm;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How to reach and treat one virtual machine.
 *
 * @param qmpSocket of the machine's own QEMU; no one else may hold it meanwhile
 * @param scratchFolder for old blocks that the guest overwrites during a capture, and for the NBD
 *     socket; QEMU's user must be able to write there
 * @param owner tells our dirty bitmaps from those of another chain of points of the same machine;
 *     the same in every capture of a chain, 1 to 24 of a-z, 0-9 and hyphen
 * @param minimumScratchBytes free space without which a capture is not begun; a scratch that fills
 *     up later ends the capture, never the guest
 * @param commandDeadline for each command to QEMU
 * @param scratchDeadline how long one guest write may wait for the scratch file before the capture
 *     is given up in favour of the guest; whole seconds
 * @param nbdConnections that the reader of each disk may use
 */
public record QemuSourceOptions(
    Path qmpSocket,
    Path scratchFolder,
    String owner,
    long minimumScratchBytes,
    Duration commandDeadline,
    Duration scratchDeadline,
    int nbdConnections) {

  /** Of a unix socket's path, on Linux; its last byte is a zero. */
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  public QemuSourceOptions {
    qmpSocket = qmpSocket.toAbsolutePath().normalize();
    scratchFolder = scratchFolder.toAbsolutePath().normalize();
    if (!owner.matches("[a-z0-9-]{1,24}")) {
      throw bad("\"" + owner + "\" cannot name the owner of dirty bitmaps");
    }
    if (minimumScratchBytes < 0 || nbdConnections < 1 || nbdConnections > 16) {
      throw bad("negative scratch space, or not 1 to 16 connections");
    }
    if (commandDeadline.toMillis() < 1 || scratchDeadline.toSeconds() < 1) {
      throw bad("a deadline is not positive");
    }
    int length =
        scratchFolder.resolve("sd-00000000.nbd").toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_SOCKET_PATH_BYTES) {
      throw bad("the scratch folder's path is too long for a unix socket in it: " + scratchFolder);
    }
  }

  /** Defaults: 256 MiB scratch, 30 s per command, 10 s per guest write, 4 connections. */
  public static QemuSourceOptions of(Path qmpSocket, Path scratchFolder, String owner) {
    return new QemuSourceOptions(
        qmpSocket,
        scratchFolder,
        owner,
        256L << 20,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        4);
  }

  /** Under which the owner records of this machine are kept. */
  public String sourceName() {
    return "qemu:" + qmpSocket;
  }

  String bitmapPrefix() {
    return "sendense-" + owner + "-";
  }

  private static SendenseException bad(String what) {
    return new SendenseException(ErrorCode.BAD_ARGUMENT, what, "Correct the source's settings.");
  }
}
