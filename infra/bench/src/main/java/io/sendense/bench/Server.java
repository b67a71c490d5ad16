package io.sendense.bench;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A server process beside the program that is timed. */
final class Server implements AutoCloseable {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

  private final Process process;
  private final Path socket;

  Server(Process process, Path socket) {
    this.process = process;
    this.socket = socket;
  }

  void awaitSocket() {
    await(() -> Files.exists(socket), socket.toString());
  }

  void awaitPort(int port) {
    await(() -> answers(port), "port " + port);
  }

  private void await(BooleanSupplier ready, String what) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!ready.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        close();
        throw new SendenseException(
            ErrorCode.INTERNAL,
            "a server did not open " + what,
            "See the newest output-*.txt in the bench's folder.");
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static boolean answers(int port) {
    try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return probe.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** User and system seconds so far, of a server that is the process itself. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(socket);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The next server of this name removes it again and says what is wrong.
      process.destroyForcibly();
    }
  }
}
