package io.sendense.demo;

import io.sendense.demo.Story.Done;
import io.sendense.testkit.ChildProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The customer's appliance gets an identity, starts, and is let do what was bought. */
final class EnrolmentChapter {
  private static final Duration DEADLINE = Duration.ofSeconds(90);

  private final Story story;
  private final Services services;
  private final Tenant tenant;
  private final Appliance appliance;
  private final Path state;
  private final InstantSource clock;

  EnrolmentChapter(
      Story story,
      Services services,
      Tenant tenant,
      Appliance appliance,
      Path state,
      InstantSource clock) {
    this.story = story;
    this.services = services;
    this.tenant = tenant;
    this.appliance = appliance;
    this.state = state;
    this.clock = clock;
  }

  /** Enrols and returns the token that was used up. */
  String enrol() throws Exception {
    String token =
        story.step(
            "a one-time token for the site",
            () -> {
              JsonNode made =
                  tenant
                      .mspAdmin()
                      .post(
                          tenant.customerPath() + "/sites/" + tenant.site() + "/enrolment-tokens",
                          Map.of("validSeconds", 600))
                      .orFail("creating the token");
              return new Done<>(
                  made.path("secret").asString(),
                  Shown.of("valid for 10 minutes, stored as a hash"));
            });
    story.step(
        "the appliance makes its key and enrols over EST",
        () -> {
          ChildProcess.Result done = enrolWith(token, state, "head-office-1");
          Story.require(done.exitCode() == 0, Appliance.complaint(done.stderr()));
          return new Done<>(true, Shown.of(done.stdout().strip()));
        });
    story.proof(
        "the same token a second time is refused",
        () -> {
          ChildProcess.Result again =
              enrolWith(token, state.resolveSibling("second-appliance"), "head-office-2");
          Story.require(again.exitCode() != 0, "a second appliance enrolled with it");
          return Shown.of(Appliance.complaint(again.stderr()));
        });
    return token;
  }

  void licence() throws Exception {
    story.step(
        "the MSP issues a licence: enterprise, 25 VMs",
        () -> {
          JsonNode made =
              tenant
                  .mspAdmin()
                  .post(
                      tenant.customerPath() + "/licence",
                      Map.of(
                          "edition",
                          "enterprise",
                          "maxVms",
                          25,
                          "validTo",
                          clock
                              .instant()
                              .plus(Duration.ofDays(365))
                              .truncatedTo(ChronoUnit.SECONDS)
                              .toString()))
                  .orFail("issuing the licence");
          return new Done<>(made, Shown.of("PS512, key " + made.path("keyId").asString()));
        });
  }

  /** Starts the daemon over its configuration. */
  ChildProcess start(Path config) {
    return appliance.start(
        Map.of(), "run", "--state", state.toString(), "--config", config.toString());
  }

  /** Starts the daemon and waits until it has told the cloud how it is. */
  ChildProcess run(Path config) throws Exception {
    return story.step(
        "the appliance runs, behind a proxy, and is seen",
        () -> {
          ChildProcess daemon = start(config);
          String seen =
              Waiting.until(
                  "the cloud to know the appliance's health",
                  DEADLINE,
                  () -> {
                    Story.require(daemon.isAlive(), Appliance.lastLines(daemon.stderr()));
                    return health();
                  });
          return new Done<>(daemon, Shown.of(seen));
        });
  }

  /** Name and health once there is one that the appliance itself has reported. */
  private Optional<String> health() throws Exception {
    JsonNode first =
        tenant
            .mspAdmin()
            .get("/api/v1/appliances")
            .orFail("listing appliances")
            .path("items")
            .path(0);
    String health = first.path("health").asString("unknown");
    return health.equals("unknown")
        ? Optional.empty()
        : Optional.of(
            first.path("name").asString()
                + ", health "
                + health
                + ", version "
                + first.path("version").asString());
  }

  void leaseHeld() throws Exception {
    story.step(
        "licence and lease are verified on the appliance",
        () -> {
          String said =
              Waiting.until(
                  "a lease on the appliance",
                  DEADLINE,
                  () -> {
                    ChildProcess.Result asked =
                        appliance.run(DEADLINE, "licence", "--state", state.toString());
                    return asked.stdout().contains("enterprise")
                        ? Optional.of(asked.stdout().strip().lines().findFirst().orElse(""))
                        : Optional.empty();
                  });
          return new Done<>(true, Shown.of(said));
        });
  }

  /** What the operator of the site tells the appliance. */
  static Path config(
      Path folder, Path repository, Path key, Path qmp, Path scratch, InetSocketAddress proxy)
      throws IOException {
    Path file = folder.resolve("appliance.json");
    Map<String, Object> config =
        Map.of(
            "format",
            "sendense.appliance-config/1",
            "proxy",
            proxy.getAddress().getHostAddress() + ":" + proxy.getPort(),
            "repositories",
            List.of(
                Map.of("name", "main", "path", repository.toString(), "keyFile", key.toString())),
            "vms",
            List.of(
                Map.of(
                    "name",
                    GuestChapter.VM,
                    "qmp",
                    qmp.toString(),
                    "scratch",
                    scratch.toString())));
    Files.writeString(file, JsonMapper.builder().build().writeValueAsString(config));
    return file;
  }

  private ChildProcess.Result enrolWith(String token, Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    try (ChildProcess child =
        appliance.start(
            Map.of("SENDENSE_ENROLMENT_TOKEN", token),
            "enrol",
            "--state",
            folder.toString(),
            "--cloud",
            services.link().toString(),
            "--ca",
            services.linkCa().toString(),
            "--licence-trust",
            services.licenceTrust().toString(),
            "--name",
            name)) {
      int exit = child.awaitExit(DEADLINE);
      return new ChildProcess.Result(exit, child.stdout(), child.stderr());
    }
  }
}
