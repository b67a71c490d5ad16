package io.sendense.demo;

import io.sendense.demo.guest.GuestDisks;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The chapters of the story, in their order, and what they start. */
final class MainJob implements AutoCloseable {
  private static final int RECORDS_BETWEEN = 60;
  private static final Duration WRITING = Duration.ofMinutes(2);

  private final UpOptions options;
  private final Story story;
  private final Path run;
  private final InstantSource clock;
  private final List<AutoCloseable> started = new ArrayList<>();

  MainJob(UpOptions options, Story story, Path run, InstantSource clock) {
    this.options = options;
    this.story = story;
    this.run = run;
    this.clock = clock;
  }

  void tell() throws Exception {
    Map<String, String> environment = new HashMap<>(Up.withPassphrase(new SecureRandom()));
    environment.put("XDG_STATE_HOME", run.resolve("appliance-state").toString());
    Appliance appliance = new Appliance(options.root(), environment);
    Path repository = run.resolve("repository");
    Path scratch = Files.createDirectories(run.resolve("scratch"));

    story.chapter("guest");
    GuestChapter.Started guest =
        new GuestChapter(
                story, options.root().resolve(".sendense/cache"), run.resolve("guest"), clock)
            .start();
    started.add(guest.guest());

    story.chapter("backup");
    story.step(
        "a repository that only the key opens",
        () -> {
          appliance.json(WRITING, "repository", "init", repository.toString());
          return new Story.Done<>(repository, Shown.of("AES-256-GCM, key from a passphrase"));
        });
    CommandBackups backups = new CommandBackups(story, appliance, guest, repository, scratch);
    PointMade full = backups.make("full backup while the guest writes");
    int before = guest.guest().acks().size();
    guest.guest().awaitAcks(before + RECORDS_BETWEEN, WRITING);
    PointMade incremental = backups.make("incremental through QEMU's dirty bitmaps");
    story.proof(
        "the incremental moved only what changed",
        () -> {
          Story.require(
              incremental.mode().equals("incremental"), "it ran as " + incremental.mode());
          long moved = incremental.bytesRead() - incremental.bytesSampled();
          Story.require(
              moved * 4 < full.bytesRead(),
              "it read " + Units.bytes(moved) + " of " + Units.bytes(full.bytesRead()));
          return Shown.of(
              Units.bytes(incremental.bytesReported())
                  + " reported, "
                  + Units.bytes(incremental.bytesChanged())
                  + " in changed chunks; "
                  + Units.bytes(incremental.bytesSampled())
                  + " of the rest sampled",
              moved);
        });

    story.chapter("restore");
    story.step(
        "the guest is killed and its disks are destroyed",
        () -> {
          guest.guest().kill();
          guest.guest().destroyDisks();
          return new Story.Done<>(
              true, Shown.of(guest.guest().acks().size() + " records had been acknowledged"));
        });
    RestoreChapter restore = new RestoreChapter(story, appliance, guest);
    GuestDisks newest =
        restore.restore(
            "restore of the newest point", repository, incremental, run.resolve("restored"));
    restore.prove(
        "the restored guest boots and its records prove it",
        newest,
        run.resolve("verify-newest"),
        incremental.acknowledged());
    GuestDisks older =
        restore.restore(
            "restore of the point before", repository, full, run.resolve("restored-full"));
    restore.prove("that one too is whole", older, run.resolve("verify-full"), full.acknowledged());

    story.chapter("refusals");
    new DamageChapter(story, appliance, run).tell(repository, incremental);
  }

  /** Where to look when the story ended early. */
  List<Path> logs() {
    return List.of(run.resolve("guest/console.log"), run.resolve("guest/qemu.log"));
  }

  void stayUp(PrintStream out) {
    out.println("\n  Everything of this run is in " + run + "\n  Ctrl-C ends it.");
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    for (AutoCloseable part : started.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IOException("a part of the story could not be ended: " + e.getMessage(), e);
      }
    }
  }
}
