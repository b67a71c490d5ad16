package io.sendense.cloud.fleet.internal;

import java.time.Duration;
import java.util.List;

/**
 * How the link behaves.
 *
 * @param names DNS names and addresses in the listener's certificate
 * @param certificateLife of an appliance's certificate
 * @param renewableAfterExpiry for how long an expired certificate may still be renewed by its key
 * @param longestHold no poll is held longer
 * @param sessionSlack a silent session counts as live for this long after its last call was due
 * @param recheck how often a held poll looks into the database, for changes made by other replicas
 */
record LinkSettings(
    List<String> names,
    Duration certificateLife,
    Duration renewableAfterExpiry,
    Duration longestHold,
    Duration sessionSlack,
    Duration recheck) {
  /** 24 hours as step-ca; 400 days covers an appliance that was off for 13 months. */
  static final LinkSettings DEFAULT =
      new LinkSettings(
          List.of("localhost", "127.0.0.1"),
          Duration.ofHours(24),
          Duration.ofDays(400),
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          Duration.ofSeconds(1));

  LinkSettings {
    names = List.copyOf(names);
  }
}
