package io.sendense.appliance.daemon;

import io.sendense.appliance.cli.ProofNeeds;
import io.sendense.engine.limits.Admission;
import io.sendense.recovery.work.WorkPlaces;
import java.nio.file.Path;
import java.util.List;

/**
 * What proofs of recovery may use of this host, and when they run.
 *
 * @param machines at once, 1 to 16
 * @param processors of all machines together
 * @param memoryMebibytes of all machines together
 * @param work folder for overlays and sockets
 */
record ProofRules(
    int machines, int processors, int memoryMebibytes, Path work, List<ProofSchedule> schedules) {
  static final int MACHINES_MAX = 16;
  private static final int WAITING_MAX = 10_000;

  static final ProofRules NONE = new ProofRules(2, 2, 4096, WorkPlaces.usual(), List.of());

  ProofRules {
    schedules = List.copyOf(schedules);
  }

  Admission admission() {
    return new Admission(
        need ->
            switch (need) {
              case ProofNeeds.PROCESSORS -> processors;
              case ProofNeeds.MEMORY -> memoryMebibytes;
              case ProofNeeds.MACHINES -> machines;
              default -> 1;
            },
        WAITING_MAX);
  }
}
