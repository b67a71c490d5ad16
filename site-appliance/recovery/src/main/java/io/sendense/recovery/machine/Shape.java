package io.sendense.recovery.machine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.List;
import java.util.Optional;

/**
 * What a throw-away machine is made of.
 *
 * @param processors 1 to 64
 * @param memoryBytes of the guest; QEMU itself needs up to some 200 MiB more
 * @param disks in the order of booting, 1 to 64
 * @param macs one per network card, empty for one of QEMU's choice; the first card is the one that
 *     ports are forwarded to
 * @param address of the guest where it has a fixed one, with its network
 * @param ports of the guest that this host may connect to
 * @param scratchBytes how much the guest may write to each disk
 */
public record Shape(
    Firmware firmware,
    int processors,
    long memoryBytes,
    List<Disk> disks,
    List<Optional<String>> macs,
    Optional<GuestAddress> address,
    List<Integer> ports,
    long scratchBytes) {
  public Shape {
    if (processors < 1 || processors > 64 || memoryBytes < 32L << 20 || scratchBytes < 1L << 20) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "a machine of " + processors + " processors, " + memoryBytes + " bytes cannot be started",
          "Give 1 to 64 processors, at least 32 MiB of memory and 1 MiB of scratch space.");
    }
    if (disks.isEmpty() || disks.size() > 64 || macs.size() > 16 || ports.size() > 64) {
      throw new SendenseException(
          ErrorCode.LIMIT_REACHED,
          "a machine with "
              + disks.size()
              + " disks, "
              + macs.size()
              + " network cards and "
              + ports.size()
              + " ports cannot be started",
          "At most 64 disks, 16 cards and 64 ports are.");
    }
    disks = List.copyOf(disks);
    macs = List.copyOf(macs);
    ports = List.copyOf(ports);
  }

  /** How the machine begins to boot. */
  public enum Firmware {
    BIOS,
    UEFI
  }

  /** What the guest sees its disks as; Windows without drivers of its own knows no virtio. */
  public enum Bus {
    VIRTIO,
    SATA
  }

  /**
   * A disk.
   *
   * @param export its name at the NBD server that {@link ThrowAway} is given
   */
  public record Disk(String export, long sizeBytes, Bus bus) {}
}
