package io.sendense.demo;

import io.sendense.demo.Story.Done;
import io.sendense.demo.guest.Ack;
import io.sendense.demo.guest.GuestDisks;
import io.sendense.demo.guest.RecordProof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Brings a restore point back as disks and lets the restored guest's own records judge it. */
final class RestoreChapter {
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final Story story;
  private final Appliance appliance;
  private final GuestChapter.Started guest;
  private final Path key;

  RestoreChapter(Story story, Appliance appliance, GuestChapter.Started guest, Path key) {
    this.story = story;
    this.appliance = appliance;
    this.guest = guest;
    this.key = key;
  }

  /** Restores both disks of a point; the order of the disks is the point's own. */
  GuestDisks restore(String what, Path repository, PointMade point, Path into) throws Exception {
    return restore(what, List.of(), repository, point, into);
  }

  /** The same with the appliance below another program. */
  GuestDisks restore(String what, List<String> below, Path repository, PointMade point, Path into)
      throws Exception {
    return story.step(
        what,
        () -> {
          Files.createDirectories(into);
          JsonNode done =
              appliance.json(
                  DEADLINE,
                  below,
                  "restore",
                  "--repository",
                  repository.toString(),
                  "--key-file",
                  key.toString(),
                  "--point",
                  point.id(),
                  "--to",
                  into.toString(),
                  "--format",
                  "qcow2");
          GuestDisks disks =
              GuestDisks.of(into.resolve("data.qcow2"), into.resolve("log.qcow2"), "qcow2");
          return new Done<>(
              disks,
              Shown.of("every byte read back and compared", done.path("bytesWritten").asLong()));
        });
  }

  void prove(String what, GuestDisks restored, Path folder, List<Ack> acknowledged) {
    story.proof(
        what,
        () -> {
          RecordProof proof =
              RecordProof.ofRestored(
                  guest.image(), guest.accelerator(), restored, folder, acknowledged, DEADLINE);
          Story.require(proof.holds(), proof.summary());
          return Shown.of(
              proof.expected()
                  + " acknowledged, "
                  + proof.found()
                  + " found, none missing or torn");
        });
  }
}
