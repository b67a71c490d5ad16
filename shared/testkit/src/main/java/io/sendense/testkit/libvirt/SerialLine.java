package io.sendense.testkit.libvirt;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/** What a machine's guest says on its serial line, from now on. Thread-safe. */
public final class SerialLine implements AutoCloseable {
  private final InputStream line;
  private final StringBuilder said = new StringBuilder();

  private SerialLine(InputStream line) {
    this.line = line;
  }

  /** Listens to a machine that runs. */
  public static SerialLine of(LibvirtServer server, String machine) {
    try {
      Path terminal = Path.of(server.virsh("ttyconsole", machine).strip());
      SerialLine serial = new SerialLine(Files.newInputStream(terminal));
      Thread.ofPlatform().daemon().name("serial-" + machine).start(serial::hear);
      return serial;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void hear() {
    byte[] part = new byte[4096];
    try {
      for (int n = line.read(part); n >= 0; n = line.read(part)) {
        add(new String(part, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      add("\n(the line closed)\n");
    }
  }

  private synchronized void add(String text) {
    said.append(text.replace("\r", ""));
    notifyAll();
  }

  /** All of it so far, without carriage returns. */
  public synchronized String said() {
    return said.toString();
  }

  /**
   * Returns when what was said holds.
   *
   * @throws AssertionError naming what did not come, where the deadline passes
   */
  public synchronized void await(String what, Duration deadline, Predicate<String> holds) {
    long end = System.nanoTime() + deadline.toNanos();
    try {
      while (!holds.test(said())) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError(what + " did not come; the guest said: " + said);
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    try {
      line.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
