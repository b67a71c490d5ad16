package io.sendense.recovery.convert;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Stages changes of two disks in a process of its own that ends, as by kill -9, at one step. */
final class StagingRun {
  static final int CHANGED_AT_MIB = 1;
  static final int CHANGED_MIB = 6;

  private StagingRun() {}

  /**
   * @param arguments the folder of {@code a.raw} and {@code b.raw}, and at which step it ends; 0
   *     for at none
   */
  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    int last = Integer.parseInt(arguments[1]);
    AtomicInteger steps = new AtomicInteger();
    try (Staging staging =
        Staging.begin(
            disks(folder),
            new ImageTool(Peers.require("qemu-img"), Duration.ofMinutes(1)),
            step -> {
              if (steps.incrementAndGet() == last) {
                Runtime.getRuntime().halt(137);
              }
            })) {
      for (DiskFile image : staging.images()) {
        ChildProcess.run(
                Duration.ofMinutes(1),
                "qemu-io",
                "-f",
                "qcow2",
                "-c",
                "write -P 0x5a " + CHANGED_AT_MIB + "M " + CHANGED_MIB + "M",
                image.path().toString())
            .orFail();
      }
      System.out.println("proved");
      System.out.flush();
      staging.bringDown();
    }
    System.out.println("steps " + steps.get());
  }

  static List<DiskFile> disks(Path folder) {
    return List.of(
        new DiskFile(folder.resolve("a.raw"), "raw"), new DiskFile(folder.resolve("b.raw"), "raw"));
  }
}
