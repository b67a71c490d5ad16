package io.sendense.cloud;

import io.sendense.billing.metering.VmUsage;
import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.cloud.fleet.internal.LinkedAppliance;
import io.sendense.domain.Edition;
import io.sendense.domain.Platform;
import io.sendense.domain.VmId;
import io.sendense.protocol.JobResult;
import io.sendense.protocol.Point;
import io.sendense.protocol.Vm;
import io.sendense.protocol.VmDisk;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A tenant in which everything has happened once: licence, appliance, machine, point, usage. */
record LivingTenant(Tenant tenant, LinkedAppliance appliance, VmId vm) implements AutoCloseable {
  static final List<VmDisk> DISKS = List.of(new VmDisk("vda", 1L << 30));

  static LivingTenant in(CloudUnderTest cloud, String name) throws InterruptedException {
    Tenant tenant = cloud.newTenant(name);
    issueLicence(cloud, tenant, "backup");
    LinkedAppliance appliance =
        LinkedAppliance.enrol(cloud, "box", token(cloud, tenant, "automatic"));
    VmId vm = new VmId(UUID.randomUUID());
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    var lease = appliance.lease();
    if (lease.licence().isEmpty()) {
      throw new AssertionError("no licence came with the lease");
    }
    appliance.report(List.of(vm(vm, "db")), List.of(point(vm, "p1", now)), List.of(job(vm, now)));
    appliance.usage(
        now.truncatedTo(ChronoUnit.HOURS),
        List.of(new VmUsage(vm, Edition.BACKUP, true, 1, 5000, 300, 0)));
    return new LivingTenant(tenant, appliance, vm);
  }

  static Answer issueLicence(CloudUnderTest cloud, Tenant tenant, String edition) {
    return cloud.call(
        "POST",
        "/customers/" + tenant.customer() + "/licence",
        tenant.mspToken(),
        Map.of("edition", edition, "maxVms", 5, "validTo", "2030-01-01T00:00:00Z"));
  }

  /** A fresh enrolment token's secret. */
  static String token(CloudUnderTest cloud, Tenant tenant, String approval) {
    return cloud
        .call(
            "POST",
            "/customers/" + tenant.customer() + "/sites/" + tenant.site() + "/enrolment-tokens",
            tenant.mspToken(),
            Map.of("approval", approval))
        .at("secret");
  }

  static Map<String, Object> policy(String name, VmId vm) {
    return Map.of(
        "name",
        name,
        "vmIds",
        List.of(vm.value()),
        "intervalSeconds",
        3600,
        "repository",
        "local",
        "retention",
        Map.of("keepLast", 7));
  }

  /** A policy that says everything that one can say. */
  static Map<String, Object> policyWithTerms(VmId vm) {
    Map<String, Object> policy = new HashMap<>(policy("For years", vm));
    policy.put(
        "retention",
        Map.of(
            "keepLast",
            3,
            "keepHourly",
            24,
            "keepDaily",
            14,
            "keepWeekly",
            8,
            "keepMonthly",
            12,
            "keepYearly",
            7,
            "timeZone",
            "Europe/Zurich"));
    policy.put("megabytesPerSecond", 50);
    policy.put("immutability", Map.of("mode", "compliance", "days", 30));
    return policy;
  }

  static Vm vm(VmId id, String name) {
    return new Vm(id, name, Platform.KVM, DISKS, false);
  }

  static Point point(VmId vm, String id, Instant at) {
    return new Point(
        id,
        vm,
        "local",
        at,
        at,
        DISKS,
        5,
        5,
        4,
        "full",
        Optional.of("no tracker yet"),
        true,
        Optional.of("ab".repeat(32)));
  }

  private static JobResult job(VmId vm, Instant at) {
    return new JobResult(
        UUID.randomUUID(),
        "backup",
        vm,
        Optional.empty(),
        JobResult.Outcome.SUCCEEDED,
        at,
        at,
        Optional.of("p1"),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public void close() {
    appliance.close();
  }
}
