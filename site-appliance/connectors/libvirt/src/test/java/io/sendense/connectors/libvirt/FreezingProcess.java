package io.sendense.connectors.libvirt;

import io.sendense.connectors.testkit.RecordsInMemory;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that freezes a guest, says so, and holds it until it is killed. */
final class FreezingProcess {
  private FreezingProcess() {}

  public static void main(String[] args) {
    LibvirtSourceOptions options =
        LibvirtSourceOptions.of(LibvirtUri.parse(args[0]), args[1], Path.of(args[2]), "freezing")
            .withFreezing(Freezing.REQUIRE);
    try (Freezer freezer =
        new Freezer(options, new LibvirtOwned(new RecordsInMemory(), options.sourceName()))) {
      freezer.during(
          () -> {
            System.out.println("FROZEN");
            System.out.flush();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }
}
