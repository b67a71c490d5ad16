package io.sendense.appliance.daemon;

import io.sendense.appliance.cli.ProofShape;
import io.sendense.engine.limits.BackupWindow;
import io.sendense.recovery.prove.Check;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * When the points of machines are proved, and how.
 *
 * @param name of the schedule, in what is noted and said
 * @param repository by its configured name
 * @param vms names of machines; empty for every machine with points there
 * @param every the newest point of each machine is proved so often
 * @param everyPoints it is proved when so many points are new since the last proof
 * @param window in which proofs begin and by whose end they end; empty for any time
 * @param limit what one proof may take
 * @param alarm how long a machine may be without a proof that passed; empty for twice {@code every}
 */
record ProofSchedule(
    String name,
    String repository,
    Set<String> vms,
    Optional<Duration> every,
    OptionalInt everyPoints,
    Optional<BackupWindow> window,
    Duration limit,
    Optional<Duration> alarm,
    List<Check> checks,
    ProofShape.Wishes wishes) {
  private static final Duration AGAIN = Duration.ofHours(1);
  private static final Duration AFTER_CRASH = Duration.ofMinutes(15);

  ProofSchedule {
    vms = Set.copyOf(vms);
    checks = List.copyOf(checks);
  }

  boolean covers(String vm) {
    return vms.isEmpty() || vms.contains(vm);
  }

  /** The least time between two attempts of which the first gave nothing. */
  Duration again() {
    return shorter(AGAIN);
  }

  /** The same where the process ended in the middle. */
  Duration afterCrash() {
    return shorter(AFTER_CRASH);
  }

  Optional<Duration> overdueAfter() {
    return alarm.or(() -> every.map(time -> time.multipliedBy(2)));
  }

  private Duration shorter(Duration wait) {
    return every.filter(time -> time.compareTo(wait) < 0).orElse(wait);
  }
}
