package io.sendense.connectors.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an inventory shows of one virtual machine, and what a restore point keeps of it so that
 * another platform can make it again.
 *
 * @param id the platform's own, stable over renames, restarts and moves between hosts; 1 to 200
 *     characters
 * @param name for people; need not be unique
 * @param disks in the order in which the machine has them, the one it boots from first where the
 *     platform tells
 * @param details the platform's own words, such as a device's model, under keys that begin with the
 *     platform's name: of use where the machine is made again on the same platform, and nowhere
 *     needed
 */
public record Machine(
    String id,
    String name,
    Power power,
    Hardware hardware,
    List<Disk> disks,
    List<Nic> nics,
    Map<String, String> details) {
  public Machine {
    if (id.isBlank() || id.length() > 200) {
      throw new IllegalArgumentException("a machine's id has 1 to 200 characters");
    }
    disks = List.copyOf(disks);
    nics = List.copyOf(nics);
    details = Map.copyOf(details);
  }

  /** What the machine does now. */
  public enum Power {
    RUNNING,
    PAUSED,
    OFF,
    UNKNOWN
  }

  /** How the machine begins to boot. Secure means that it refuses what is not signed. */
  public enum Firmware {
    BIOS,
    UEFI,
    UEFI_SECURE
  }

  /**
   * The machine without its disks and networks.
   *
   * @param tpm whether it has a virtual TPM, whose secrets never leave their platform
   */
  public record Hardware(int processors, long memoryBytes, Firmware firmware, boolean tpm) {
    public Hardware {
      if (processors < 1 || memoryBytes < 1) {
        throw new IllegalArgumentException("a machine has a processor and memory");
      }
    }
  }

  /**
   * A disk that is captured.
   *
   * @param name as in {@link CapturedDisk}
   * @param sizeBytes as the guest sees it; 0 where the platform does not tell while it is off
   * @param medium for people, such as {@code qcow2} or {@code gp3}
   * @param untracked why the platform tracks no changes of it; empty where it can
   */
  public record Disk(String name, long sizeBytes, String medium, Optional<String> untracked) {}

  /**
   * A network card.
   *
   * @param network the name by which a network map finds it
   * @param mac as six hexadecimal bytes with colons; empty where the platform gives it at start
   */
  public record Nic(String network, Optional<String> mac) {}
}
