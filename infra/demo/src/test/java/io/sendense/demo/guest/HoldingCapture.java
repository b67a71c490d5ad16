package io.sendense.demo.guest;

import io.sendense.connectors.kvm.QemuSource;
import io.sendense.connectors.kvm.QemuSourceOptions;
import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.OwnerRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** An appliance that opens a capture, says so, and holds it until it is killed. */
final class HoldingCapture {
  private HoldingCapture() {}

  public static void main(String[] args) throws InterruptedException {
    QemuSource source =
        new QemuSource(
            QemuSourceOptions.of(Path.of(args[0]), Path.of(args[1]), "story"),
            new FileRecords(Path.of(args[2])),
            InstantSource.system(),
            new Random(3));
    try (Capture capture = source.capture(Optional.of(new Baseline(args[3])))) {
      System.out.println("HOLDING " + capture.disks().size());
      System.out.flush();
      new CountDownLatch(1).await();
    }
  }

  /** One line per record; what was removed is written again with a minus. */
  static final class FileRecords implements OwnerRecords {
    private final Path file;

    FileRecords(Path file) {
      this.file = file;
    }

    @Override
    public void add(Resource resource) {
      append("+", resource);
    }

    @Override
    public void remove(Resource resource) {
      append("-", resource);
    }

    @Override
    public List<Resource> list(String source) {
      List<Resource> all = new ArrayList<>();
      try {
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
          String[] parts = line.split("\u0001", -1);
          Resource resource = new Resource(parts[1], parts[2], parts[3]);
          all.remove(resource);
          if (parts[0].equals("+")) {
            all.add(resource);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      all.removeIf(r -> !r.source().equals(source));
      return all;
    }

    private void append(String sign, Resource r) {
      try {
        Files.writeString(
            file,
            String.join("\u0001", sign, r.source(), r.kind(), r.name()) + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND,
            StandardOpenOption.DSYNC);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
