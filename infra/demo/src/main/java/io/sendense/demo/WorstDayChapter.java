package io.sendense.demo;

import io.sendense.demo.guest.GuestDisks;
import io.sendense.testkit.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The cloud is gone and the licence has long expired: new points stop, restores do not. */
final class WorstDayChapter {
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /** Past the lease, the grace of 72 hours and the 14 restricted days. */
  private static final List<String> SIXTY_DAYS_LATER =
      List.of("env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", "+60d");

  private final Story story;
  private final Services services;
  private final Appliance appliance;
  private final Path state;

  WorstDayChapter(Story story, Services services, Appliance appliance, Path state) {
    this.story = story;
    this.services = services;
    this.appliance = appliance;
    this.state = state;
  }

  void cloudStops(ChildProcess daemon) throws Exception {
    story.step(
        "the control plane is killed, the appliance is told to end",
        () -> {
          services.controlPlane().kill();
          daemon.terminate();
          int exit = daemon.awaitExit(DEADLINE);
          return new Story.Done<>(exit, Shown.of("the appliance ended in order"));
        });
  }

  void newPointsStop(Path config) {
    story.proof(
        "sixty days later, offline, the appliance makes no new points",
        () -> {
          ChildProcess.Result said =
              appliance.run(DEADLINE, SIXTY_DAYS_LATER, "licence", "--state", state.toString());
          Story.require(said.stdout().contains("suspended"), said.stdout() + said.stderr());
          try (ChildProcess daemon =
              appliance.start(
                  SIXTY_DAYS_LATER,
                  Map.of(),
                  "run",
                  "--state",
                  state.toString(),
                  "--config",
                  config.toString())) {
            daemon.awaitOutput("SD-600\\d", DEADLINE);
            return Shown.of(Appliance.complaint(daemon.stderr()));
          }
        });
  }

  GuestDisks restore(RestoreChapter restores, Path repository, PointMade point, Path into)
      throws Exception {
    return restores.restore(
        "but the restore still works", SIXTY_DAYS_LATER, repository, point, into);
  }
}
