package io.sendense.cloud.metering;

import io.sendense.billing.metering.UsageRecord;
import io.sendense.billing.metering.VmUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** An accepted record as openapi.yaml has it. */
record UsageRecordView(
    String id,
    UUID applianceId,
    int epoch,
    long sequence,
    Instant periodStart,
    Instant periodEnd,
    List<VmUsageView> vms,
    String hash,
    Instant acceptedAt) {

  /**
   * @param protectedInHour whether a policy was active and a point held in this hour
   */
  record VmUsageView(
      UUID vmId,
      Optional<String> vmName,
      String edition,
      @com.fasterxml.jackson.annotation.JsonProperty("protected") boolean protectedInHour,
      long storedBytes,
      long movedBytes,
      int replicationTargets) {}

  static UsageRecordView of(UsageRecord usage, Instant acceptedAt, Map<UUID, String> names) {
    return new UsageRecordView(
        usage.id().toString(),
        usage.id().chain().appliance().value(),
        usage.id().chain().epoch(),
        usage.id().sequence(),
        usage.hour(),
        usage.hour().plus(Duration.ofHours(1)),
        usage.vms().stream().map(vm -> vm(vm, names)).toList(),
        usage.hash().toString(),
        acceptedAt);
  }

  private static VmUsageView vm(VmUsage vm, Map<UUID, String> names) {
    return new VmUsageView(
        vm.vm().value(),
        Optional.ofNullable(names.get(vm.vm().value())),
        vm.edition().name().toLowerCase(Locale.ROOT),
        vm.policyActive() && vm.pointsHeld() > 0,
        vm.storedBytes(),
        vm.movedBytes(),
        vm.replicationTargets());
  }
}
