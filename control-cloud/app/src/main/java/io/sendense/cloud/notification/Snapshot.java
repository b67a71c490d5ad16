package io.sendense.cloud.notification;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What is known of one MSP at one moment.
 *
 * @param reportInterval that appliances are told to keep
 */
record Snapshot(
    Instant now,
    Duration reportInterval,
    List<Appliance> appliances,
    List<Machine> machines,
    List<Licence> licences) {
  Snapshot {
    appliances = List.copyOf(appliances);
    machines = List.copyOf(machines);
    licences = List.copyOf(licences);
  }

  /**
   * An appliance that was let in.
   *
   * @param copied when two were seen with its identity, the newest time
   * @param usageUntil hour of its newest usage record
   */
  record Appliance(
      UUID customer,
      UUID id,
      String name,
      Instant enrolled,
      Optional<Instant> seen,
      Optional<String> version,
      Optional<String> health,
      String healthDetail,
      Optional<Duration> clockOffset,
      Optional<Instant> copied,
      Optional<Instant> usageUntil) {}

  /**
   * A machine that is there.
   *
   * @param interval of its policy, the shortest of several
   * @param protectedSince when its oldest policy was made
   * @param newestPoint when its newest restorable state was captured
   * @param failure of its newest backup, if that failed
   * @param damaged when a point of it was last found damaged
   */
  record Machine(
      UUID customer,
      UUID id,
      String name,
      Optional<Duration> interval,
      Optional<Instant> protectedSince,
      Optional<Instant> newestPoint,
      Optional<String> failure,
      Optional<Instant> damaged) {}

  /** A customer's licence in force. */
  record Licence(UUID customer, Instant validTo, Optional<Instant> revoked) {}
}
