package io.sendense.connectors.kvm;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** A process that opens a capture, says so, and holds it until it is killed. */
final class HoldingProcess {
  private HoldingProcess() {}

  public static void main(String[] args) throws InterruptedException {
    QemuSource source =
        new QemuSource(
            QemuSourceOptions.of(Path.of(args[0]), Path.of(args[1]), "test"),
            new FileOwnerRecords(Path.of(args[2])),
            InstantSource.system(),
            new Random(3));
    try (Capture capture = source.capture(Optional.of(new Baseline(args[3])))) {
      System.out.println("HOLDING " + capture.disks().size());
      System.out.flush();
      new CountDownLatch(1).await();
    }
  }
}
