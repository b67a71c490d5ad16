package io.sendense.demo;

import io.sendense.demo.Story.Done;
import io.sendense.demo.guest.Accelerator;
import io.sendense.demo.guest.GuestDisks;
import io.sendense.demo.guest.GuestImage;
import io.sendense.demo.guest.RunningGuest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** A real guest that keeps writing and says what is durable. */
final class GuestChapter {
  static final String VM = "orders-db";
  static final String UUID = "5a1d0c36-7d0b-4c1e-9a53-0c8d6f2b7e11";
  private static final Duration BOOT = Duration.ofMinutes(3);
  private static final int FIRST_RECORDS = 40;
  private static final long BALLAST_BYTES = 192L << 20;

  private final Story story;
  private final Path cache;
  private final Path folder;
  private final InstantSource clock;

  GuestChapter(Story story, Path cache, Path folder, InstantSource clock) {
    this.story = story;
    this.cache = cache;
    this.folder = folder;
    this.clock = clock;
  }

  /** The guest with what it was started from. */
  record Started(RunningGuest guest, GuestImage image, Accelerator accelerator) {}

  Started start() throws Exception {
    GuestImage image =
        story.step(
            "a Debian kernel and a small init become a guest",
            () -> {
              GuestImage built = GuestImage.build(cache);
              return new Done<>(
                  built,
                  Shown.of(
                      built.kernel().getFileName() + "",
                      Files.size(built.kernel()) + Files.size(built.initrd())));
            });
    Accelerator.Choice choice =
        story.step(
            "which acceleration really boots it",
            () -> {
              Accelerator.Choice probed = Accelerator.choose(image, cache);
              return new Done<>(probed, Shown.of(probed.why()));
            });
    RunningGuest guest =
        story.step(
            "the guest boots and acknowledges its first " + FIRST_RECORDS + " records",
            () -> {
              GuestDisks disks =
                  GuestDisks.create(
                      Files.createDirectories(folder.resolve("disks")),
                      BALLAST_BYTES,
                      RandomGenerator.of("L64X128MixRandom"));
              RunningGuest running =
                  RunningGuest.start(image, choice.accelerator(), disks, folder, VM, UUID, clock);
              running.awaitAcks(FIRST_RECORDS, BOOT);
              return new Done<>(running, Shown.of(running.acks().size() + " records on its disk"));
            });
    return new Started(guest, image, choice.accelerator());
  }
}
