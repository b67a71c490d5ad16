package io.sendense.appliance.cli;

import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.MachineText;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.BackupJob;
import io.sendense.recovery.machine.GuestAddress;
import io.sendense.recovery.machine.Shape;
import io.sendense.recovery.prove.Check;
import io.sendense.recovery.prove.ProofRun;
import io.sendense.repository.format.PointDisk;
import io.sendense.repository.format.RestorePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a point's machine is made of for a proof: as the point says, within what is allowed. */
public final class ProofShape {
  private static final int MAC_CARDS = 16;
  private static final String MAC = "[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}";

  private ProofShape() {}

  /**
   * What the caller allows and knows better.
   *
   * @param memoryMebibytes at most
   * @param processors at most
   * @param scratchMebibytes what the guest may write to each disk
   * @param address of a guest that has a fixed one
   * @param firmware BIOS or UEFI; empty for the point's
   * @param bus VIRTIO or SATA
   */
  public record Wishes(
      int memoryMebibytes,
      int processors,
      long scratchMebibytes,
      Optional<GuestAddress> address,
      Optional<String> firmware,
      String bus) {}

  /**
   * @throws SendenseException BAD_ARGUMENT for words that are not known
   */
  public static Shape of(RestorePoint point, List<Check> checks, Wishes wishes) {
    Optional<Machine> machine =
        Optional.ofNullable(point.annotations().get(BackupJob.MACHINE)).map(MachineText::read);
    long memory = (long) wishes.memoryMebibytes() << 20;
    int processors = wishes.processors();
    List<Optional<String>> macs = new ArrayList<>();
    if (machine.isPresent()) {
      memory = Math.min(memory, machine.get().hardware().memoryBytes());
      processors = Math.min(processors, machine.get().hardware().processors());
      machine.get().nics().stream().limit(MAC_CARDS).map(ProofShape::mac).forEach(macs::add);
    }
    if (macs.isEmpty()) {
      macs.add(Optional.empty());
    }
    Shape.Bus bus = choice(Shape.Bus.class, wishes.bus(), "--bus");
    return new Shape(
        firmware(machine, wishes),
        processors,
        memory,
        disks(point, machine, bus),
        macs,
        wishes.address(),
        ProofRun.ports(checks),
        wishes.scratchMebibytes() << 20);
  }

  private static Shape.Firmware firmware(Optional<Machine> machine, Wishes wishes) {
    if (wishes.firmware().isPresent()) {
      return choice(Shape.Firmware.class, wishes.firmware().get(), "--firmware");
    }
    boolean bios =
        machine.map(Machine::hardware).map(Machine.Hardware::firmware).orElse(Machine.Firmware.BIOS)
            == Machine.Firmware.BIOS;
    // Secure boot would check signatures against variables that are not in the point.
    return bios ? Shape.Firmware.BIOS : Shape.Firmware.UEFI;
  }

  /** In the machine's own order, which begins with the one it boots from. */
  private static List<Shape.Disk> disks(
      RestorePoint point, Optional<Machine> machine, Shape.Bus bus) {
    List<Integer> order = new ArrayList<>();
    machine
        .map(Machine::disks)
        .orElse(List.of())
        .forEach(
            disk ->
                point
                    .diskNamed(disk.name())
                    .filter(at -> !order.contains(at))
                    .ifPresent(order::add));
    for (int i = 0; i < point.disks().size(); i++) {
      if (!order.contains(i)) {
        order.add(i);
      }
    }
    return order.stream()
        .map(
            at -> {
              PointDisk disk = point.disks().get(at);
              return new Shape.Disk(Integer.toString(at), disk.sizeBytes(), bus);
            })
        .toList();
  }

  private static Optional<String> mac(Machine.Nic nic) {
    return nic.mac().filter(text -> text.matches(MAC));
  }

  private static <E extends Enum<E>> E choice(Class<E> type, String text, String option) {
    try {
      return Enum.valueOf(type, text);
    } catch (IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          option + " does not know \"" + text + "\"",
          "Use one of " + List.of(type.getEnumConstants()) + ".",
          e);
    }
  }
}
