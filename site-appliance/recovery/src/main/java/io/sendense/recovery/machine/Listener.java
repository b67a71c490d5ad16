package io.sendense.recovery.machine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.work.Pause;
import io.sendense.recovery.work.WorkPlace;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A socket that QEMU connects to. We listen and QEMU connects, so that a QEMU which was taken over
 * cannot lead us to another socket of this host.
 */
final class Listener implements AutoCloseable {
  private final ServerSocketChannel channel;

  Listener(WorkPlace place, String name) {
    Path path = place.folder().resolve(name);
    try {
      channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      channel.bind(UnixDomainSocketAddress.of(path), 1);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      place.give(path);
      channel.configureBlocking(false);
    } catch (IOException | IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "the socket " + path + " cannot be made: " + e.getMessage(),
          "Name a folder with a shorter path with --work.",
          e);
    }
  }

  /**
   * Waits for the connection.
   *
   * @param alive whether it is still worth waiting
   */
  SocketChannel accept(Duration deadline, BooleanSupplier alive) {
    long end = System.nanoTime() + deadline.toNanos();
    try {
      while (true) {
        SocketChannel accepted = channel.accept();
        if (accepted != null) {
          accepted.configureBlocking(true);
          return accepted;
        }
        if (!alive.getAsBoolean()) {
          throw new SendenseException(ErrorCode.INTERNAL, "QEMU ended at once", "");
        }
        if (System.nanoTime() > end) {
          throw new SendenseException(
              ErrorCode.DEADLINE_EXCEEDED, "QEMU did not start within " + deadline, "");
        }
        Pause.millis(5);
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL, "QEMU could not connect: " + e.getMessage(), "", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(ErrorCode.CANCELLED, "interrupted", "", e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      return; // the descriptor is gone either way
    }
  }
}
