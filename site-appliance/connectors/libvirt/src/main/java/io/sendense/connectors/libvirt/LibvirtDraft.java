package io.sendense.connectors.libvirt;

import io.sendense.connectors.libvirt.LibvirtTarget.Place;
import io.sendense.connectors.spi.ForwardingTargetDisk;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.MachineDraft;
import io.sendense.connectors.spi.MachinePlan;
import io.sendense.connectors.spi.TargetConnector;
import io.sendense.connectors.spi.TargetDisk;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A machine being made; what it made so far is known to the owner records. */
final class LibvirtDraft implements MachineDraft {
  private final Libvirt libvirt;
  private final Place place;
  private final MachinePlan plan;
  private final TargetConnector disks;
  private final MadeThings made;
  private final RandomGenerator random;
  private final String uuid;
  private final Map<String, Path> finished = new LinkedHashMap<>();
  private @Nullable Domain domain;
  private boolean kept;
  private boolean closed;

  LibvirtDraft(
      Libvirt libvirt,
      Place place,
      MachinePlan plan,
      TargetConnector disks,
      MadeThings made,
      RandomGenerator random) {
    this.libvirt = libvirt;
    this.place = place;
    this.plan = plan;
    this.disks = disks;
    this.made = made;
    this.random = random;
    this.uuid =
        made.machine().orElseGet(() -> new UUID(random.nextLong(), random.nextLong()).toString());
  }

  @Override
  public TargetDisk createDisk(String name, long sizeBytes) {
    if (plan.disks().stream().noneMatch(disk -> disk.name().equals(name))) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, "disk " + name + " is not in the plan of " + plan.name(), "");
    }
    return new Disk(disks.createDisk(name, sizeBytes), name, place.diskFile().apply(name));
  }

  @Override
  public void reap(String name) {
    disks.reap(name);
    Path file = place.diskFile().apply(name);
    if (made.isImage(file)) {
      made.removeImage(file);
    }
  }

  /** {@inheritDoc} */
  @Override
  public boolean adopt(String name, long sizeBytes) {
    Path file = place.diskFile().apply(name);
    if (!made.isImage(file) || !disks.adopt(name, sizeBytes)) {
      return false;
    }
    finished.put(name, file);
    return true;
  }

  @Override
  public Machine make() {
    for (MachinePlan.Disk disk : plan.disks()) {
      if (!finished.containsKey(disk.name())) {
        throw new SendenseException(
            ErrorCode.CONFLICT,
            "disk " + disk.name() + " of machine " + plan.name() + " is not finished",
            "Finish all disks before the machine is made.");
      }
    }
    Optional<Domain> before = libvirt.domain(uuid);
    if (before.isPresent()) {
      domain = before.get();
      return LibvirtTarget.describe(before.get());
    }
    // A system daemon does it by itself when it starts the machine, and undoes it afterwards.
    if (QemuUser.of(libvirt).isEmpty()) {
      finished.values().forEach(image -> QemuUser.give(libvirt, place.folder(), image));
    }
    made.addMachine(uuid);
    Domain defined = libvirt.define(MachineXml.write(uuid, plan, finished, place.format(), random));
    domain = defined;
    return LibvirtTarget.describe(defined);
  }

  @Override
  public void start() {
    Domain defined = domain;
    if (defined == null) {
      throw new SendenseException(
          ErrorCode.CONFLICT, "machine " + plan.name() + " was not made yet", "Make it first.");
    }
    if (!defined.isActive()) {
      defined.start();
    }
  }

  @Override
  public void keep() {
    made.keepMachine(uuid);
    finished.values().forEach(made::keepImage);
    kept = true;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = Thread.interrupted();
    try (libvirt) {
      if (!kept) {
        made.removeMachine(libvirt, uuid);
        finished.values().forEach(made::removeImage);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Known to the owner records before it gets its final name. */
  private final class Disk extends ForwardingTargetDisk {
    private final String name;
    private final Path file;

    Disk(TargetDisk disk, String name, Path file) {
      super(disk);
      this.name = name;
      this.file = file;
    }

    @Override
    public void finish() {
      made.addImage(file);
      try {
        super.finish();
      } catch (RuntimeException e) {
        // Its final name was not taken by us, so what bears it is not ours to remove.
        made.keepImage(file);
        throw e;
      }
      finished.put(name, file);
    }
  }
}
