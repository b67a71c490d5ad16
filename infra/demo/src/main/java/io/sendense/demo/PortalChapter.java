package io.sendense.demo;

import io.sendense.testkit.ChildProcess;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** A real browser signs in at the portal and finds what the story made. */
final class PortalChapter {
  private static final Duration DEADLINE = Duration.ofMinutes(3);

  private final Story story;
  private final Path root;
  private final Path folder;

  PortalChapter(Story story, Path root, Path folder) {
    this.story = story;
    this.root = root;
    this.folder = folder;
  }

  /** What the customer must find in the portal. */
  record Expected(String vm, int points, BigDecimal total) {}

  void look(Services services, Tenant tenant, Expected expected) {
    boolean browser = Files.isExecutable(Path.of("/usr/bin/chromium"));
    if (!browser && !"true".equals(System.getenv("CI"))) {
      story.note("the portal is not looked at without chromium: apt-get install chromium");
      return;
    }
    story.proof(
        "the customer signs in at the portal and finds all of it",
        () -> {
          Story.require(browser, "chromium is not installed: apt-get install chromium");
          Path values = Files.createDirectories(folder).resolve("expected.json");
          Files.writeString(
              values,
              JsonMapper.builder()
                  .build()
                  .writeValueAsString(
                      Map.of(
                          "sites", List.of("Head office"),
                          "appliances", List.of("head-office-1"),
                          "machines",
                              List.of(Map.of("name", expected.vm(), "points", expected.points())),
                          "invoice", Map.of("total", expected.total().toPlainString()))));
          try (ChildProcess look =
              ChildProcess.start(
                  List.of(
                      "node",
                      "e2e/real.mjs",
                      "--url",
                      services.cloud().toString(),
                      "--user",
                      tenant.portalUser().username(),
                      "--password-env",
                      "SENDENSE_PORTAL_PASSWORD",
                      "--expect",
                      values.toString(),
                      "--out",
                      folder.toString()),
                  Map.of("SENDENSE_PORTAL_PASSWORD", tenant.portalUser().password()),
                  Optional.of(root.resolve("tenant-portal")))) {
            int exit = look.awaitExit(DEADLINE);
            Story.require(exit == 0, Appliance.lastLines(look.stdout() + look.stderr()));
            return Shown.of("screenshots in " + root.relativize(folder));
          }
        });
  }
}
