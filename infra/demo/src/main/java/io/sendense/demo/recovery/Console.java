package io.sendense.demo.recovery;

import io.sendense.testkit.libvirt.LibvirtServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The serial line of a machine, from now on. */
final class Console implements AutoCloseable {
  private final InputStream line;
  private final StringBuilder said = new StringBuilder();

  private Console(InputStream line) {
    this.line = line;
  }

  static Console of(LibvirtServer server, String machine) {
    try {
      Path terminal = Path.of(server.virsh("ttyconsole", machine).strip());
      Console console = new Console(Files.newInputStream(terminal));
      Thread.ofPlatform().daemon().name("console-" + machine).start(console::hear);
      return console;
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
    said.append(text);
    notifyAll();
  }

  /** Returns when the guest has said it. */
  synchronized void await(String text, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    while (said.indexOf(text) < 0) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IllegalStateException(text + " was not said within " + deadline + ": " + said);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
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
