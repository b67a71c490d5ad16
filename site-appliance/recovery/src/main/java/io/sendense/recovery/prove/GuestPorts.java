package io.sendense.recovery.prove;

import io.sendense.recovery.machine.ThrowAway;
import io.sendense.recovery.work.Pause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/** Connections to a guest's ports that the guest itself has accepted. */
final class GuestPorts {
  private static final Duration ACCEPT = Duration.ofMillis(1500);
  private static final int ANSWER_MILLIS = 10_000;
  private static final long POLL_MILLIS = 50;

  private final ThrowAway machine;

  GuestPorts(ThrowAway machine) {
    this.machine = machine;
  }

  /** A connection, which the caller closes; empty where the guest does not accept one. */
  Optional<Socket> connect(int guestPort) throws InterruptedException {
    Optional<Integer> port = machine.forwarded(guestPort);
    if (port.isEmpty()) {
      return Optional.empty();
    }
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port.get()),
          (int) ACCEPT.toMillis());
      socket.setSoTimeout(ANSWER_MILLIS);
      long end = System.nanoTime() + ACCEPT.toNanos();
      while (System.nanoTime() < end) {
        if (machine.established(guestPort)) {
          return Optional.of(socket);
        }
        Pause.millis(POLL_MILLIS);
      }
      socket.close();
      return Optional.empty();
    } catch (IOException e) {
      close(socket);
      return Optional.empty();
    } catch (InterruptedException e) {
      close(socket);
      throw e;
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      return; // the descriptor is gone either way
    }
  }
}
