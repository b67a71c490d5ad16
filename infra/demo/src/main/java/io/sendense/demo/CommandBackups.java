package io.sendense.demo;

import io.sendense.demo.Story.Done;
import io.sendense.demo.guest.Ack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Backups by the appliance's command line, which asks no cloud. */
final class CommandBackups {
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final Story story;
  private final Appliance appliance;
  private final GuestChapter.Started guest;
  private final Path repository;
  private final Path scratch;

  CommandBackups(
      Story story, Appliance appliance, GuestChapter.Started guest, Path repository, Path scratch) {
    this.story = story;
    this.appliance = appliance;
    this.guest = guest;
    this.repository = repository;
    this.scratch = scratch;
  }

  PointMade make(String what) throws Exception {
    return story.step(
        what,
        () -> {
          List<Ack> acknowledged = guest.guest().acks();
          JsonNode done =
              appliance.json(
                  DEADLINE,
                  "backup",
                  "--repository",
                  repository.toString(),
                  "--vm",
                  GuestChapter.VM,
                  "--qmp",
                  guest.guest().qmpSocket().toString(),
                  "--scratch",
                  scratch.toString());
          PointMade made =
              new PointMade(
                  done.at("/point/id").asString(),
                  done.path("mode").asString(),
                  done.path("bytesRead").asLong(),
                  reported(done),
                  sampled(done),
                  done.path("bytesChanged").asLong(),
                  done.path("bytesStored").asLong(),
                  acknowledged);
          return new Done<>(made, Shown.of(describe(made), made.bytesRead()));
        });
  }

  private static long reported(JsonNode done) {
    long bytes = 0;
    for (JsonNode disk : done.path("disks")) {
      bytes += disk.path("bytesReported").asLong();
    }
    return bytes;
  }

  private static long sampled(JsonNode done) {
    long bytes = 0;
    for (int i = 0; i < done.path("disks").size(); i++) {
      bytes +=
          done.path("disks").path(i).path("chunksSampled").asLong()
              * done.at("/point/disks").path(i).path("chunkBytes").asLong();
    }
    return bytes;
  }

  static String describe(PointMade made) {
    return made.mode()
        + ": "
        + Units.bytes(made.bytesChanged())
        + " changed, "
        + Units.bytes(made.bytesStored())
        + " stored";
  }
}
