package io.sendense.demo;

import io.sendense.demo.Story.Done;
import io.sendense.demo.guest.Ack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Backups that the cloud asks for: first by a policy, then by a command. */
final class PolicyBackups {
  private static final Duration DEADLINE = Duration.ofMinutes(3);

  private final Story story;
  private final Tenant tenant;
  private final Appliance appliance;
  private final Path state;
  private final GuestChapter.Started guest;

  PolicyBackups(
      Story story, Tenant tenant, Appliance appliance, Path state, GuestChapter.Started guest) {
    this.story = story;
    this.tenant = tenant;
    this.appliance = appliance;
    this.state = state;
    this.guest = guest;
  }

  String discover() throws Exception {
    return story.step(
        "the appliance reports the virtual machine it found",
        () -> {
          JsonNode vm =
              Waiting.until(
                  "the VM in the inventory",
                  DEADLINE,
                  () -> first(tenant.customerAdmin().get("/api/v1/vms").orFail("listing VMs")));
          return new Done<>(
              vm.path("id").asString(),
              Shown.of(vm.path("name").asString() + ", " + vm.path("disks").size() + " disks"));
        });
  }

  PointMade byPolicy(String vmId) throws Exception {
    return story.step(
        "a policy made in the cloud: full backup while it writes",
        () -> {
          List<Ack> acknowledged = guest.guest().acks();
          tenant
              .customerAdmin()
              .post(
                  tenant.customerPath() + "/policies",
                  Map.of(
                      "name",
                      "hourly",
                      "edition",
                      "enterprise",
                      "vmIds",
                      List.of(vmId),
                      "intervalSeconds",
                      3600,
                      "repository",
                      "main",
                      "retention",
                      Map.of("keepLast", 30)))
              .orFail("creating the policy");
          PointMade made = await(vmId, 1, acknowledged);
          return new Done<>(made, Shown.of(describe(made), made.bytesRead()));
        });
  }

  PointMade byCommand(String vmId) throws Exception {
    return story.step(
        "back up now: an incremental through dirty bitmaps",
        () -> {
          List<Ack> acknowledged = guest.guest().acks();
          tenant
              .customerAdmin()
              .post(tenant.customerPath() + "/vms/" + vmId + "/backup", Map.of())
              .orFail("asking for a backup");
          PointMade made = await(vmId, 2, acknowledged);
          return new Done<>(made, Shown.of(describe(made), made.bytesRead()));
        });
  }

  /** The newest point once there are so many, with what the appliance itself noted of its job. */
  private PointMade await(String vmId, int count, List<Ack> acknowledged) throws Exception {
    JsonNode point =
        Waiting.until(
            "restore point " + count + " in the cloud",
            DEADLINE,
            () -> {
              JsonNode items =
                  tenant
                      .customerAdmin()
                      .get("/api/v1/restore-points?vmId=" + vmId)
                      .orFail("listing points")
                      .path("items");
              return items.size() >= count ? Optional.of(items.path(0)) : Optional.empty();
            });
    Story.require(
        point.path("proof").asString().equals("verified"),
        "the point is " + point.path("proof").asString());
    JsonNode jobs = appliance.json(DEADLINE, "jobs", "--state", state.toString()).path("jobs");
    for (JsonNode job : jobs) {
      if (job.path("point").asString().equals(point.path("id").asString())) {
        return new PointMade(
            point.path("id").asString(),
            point.path("kind").asString(),
            job.path("bytesRead").asLong(),
            job.path("bytesChanged").asLong(),
            job.path("bytesStored").asLong(),
            acknowledged);
      }
    }
    throw new Story.ProofFailed("the appliance knows no job of point " + point.path("id"));
  }

  private static String describe(PointMade made) {
    return made.mode()
        + ": "
        + Units.bytes(made.bytesChanged())
        + " in changed chunks, "
        + Units.bytes(made.bytesStored())
        + " stored";
  }

  private static Optional<JsonNode> first(JsonNode page) {
    return page.path("items").isEmpty()
        ? Optional.empty()
        : Optional.of(page.path("items").path(0));
  }
}
