package io.sendense.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Drains one output stream of a child so that it never blocks, keeping the newest part of it. */
final class ChildOutput {
  static final int KEPT_BYTES = 1 << 20;

  private final Object arrival;
  private ByteArrayOutputStream kept = new ByteArrayOutputStream();

  /** {@code arrival} is notified whenever something arrived or the stream ended. */
  ChildOutput(Object arrival) {
    this.arrival = arrival;
  }

  Thread drain(InputStream stream, String name) {
    // Reading a pipe holds a virtual thread's carrier, and a few children would hold them all.
    return Thread.ofPlatform().daemon().name(name).start(() -> drain(stream));
  }

  String text() {
    synchronized (arrival) {
      return kept.toString(StandardCharsets.UTF_8);
    }
  }

  private void drain(InputStream stream) {
    byte[] buffer = new byte[8192];
    try (stream) {
      for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
        synchronized (arrival) {
          kept.write(buffer, 0, n);
          if (kept.size() > 2 * KEPT_BYTES) {
            byte[] all = kept.toByteArray();
            kept = new ByteArrayOutputStream();
            kept.write(all, all.length - KEPT_BYTES, KEPT_BYTES);
          }
          arrival.notifyAll();
        }
      }
    } catch (IOException killed) {
      // A killed child's pipe may break instead of ending; what came before it is kept.
    }
    synchronized (arrival) {
      arrival.notifyAll();
    }
  }
}
