package io.sendense.connectors.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * A machine that is to run at once from disks served by the appliance.
 *
 * @param id under which the platform knows the machine, chosen before it is made so that it can be
 *     found again whenever its maker dies: a UUID
 * @param served what stands below each of the plan's disks, in the same order
 */
public record InstantPlan(String id, MachinePlan machine, List<Served> served) {
  public InstantPlan {
    served = List.copyOf(served);
    if (!served.stream()
        .map(Served::disk)
        .toList()
        .equals(machine.disks().stream().map(MachinePlan.Disk::name).toList())) {
      throw new IllegalArgumentException("each disk of the machine is served, in its order");
    }
  }

  /**
   * A disk served read-only over NBD.
   *
   * @param disk of the plan
   * @param socket of the server, the same after every restart of it
   * @param export its name there
   */
  public record Served(String disk, Path socket, String export) {}
}
