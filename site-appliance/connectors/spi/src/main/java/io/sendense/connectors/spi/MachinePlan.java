package io.sendense.connectors.spi;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The machine that a restore is to make.
 *
 * @param name of the new machine
 * @param disks in the order in which they are attached, the one to boot from first
 * @param details as {@link Machine#details}
 */
public record MachinePlan(
    String name,
    Machine.Hardware hardware,
    List<Disk> disks,
    List<Nic> nics,
    Map<String, String> details) {
  public MachinePlan {
    disks = List.copyOf(disks);
    nics = List.copyOf(nics);
    details = Map.copyOf(details);
    Set<String> names = new HashSet<>();
    if (disks.isEmpty() || !disks.stream().allMatch(disk -> names.add(disk.name()))) {
      throw new IllegalArgumentException("a machine has disks, each with a name of its own");
    }
  }

  /**
   * A disk of the point.
   *
   * @param name as the point keeps it
   */
  public record Disk(String name, long sizeBytes) {}

  /**
   * A network card.
   *
   * @param network of the target platform
   * @param mac to be kept; empty for a new one
   */
  public record Nic(String network, Optional<String> mac) {}

  /**
   * The same machine on other networks.
   *
   * @param networks from a source network's name to the target's; what is not in it keeps its name,
   *     which the target's check then knows or not
   * @param keepMac never while the original runs on the same network
   */
  public static MachinePlan like(
      Machine machine,
      String name,
      List<Disk> disks,
      Map<String, String> networks,
      boolean keepMac) {
    return new MachinePlan(
        name,
        machine.hardware(),
        disks,
        machine.nics().stream()
            .map(
                nic ->
                    new Nic(
                        networks.getOrDefault(nic.network(), nic.network()),
                        keepMac ? nic.mac() : Optional.empty()))
            .toList(),
        machine.details());
  }
}
