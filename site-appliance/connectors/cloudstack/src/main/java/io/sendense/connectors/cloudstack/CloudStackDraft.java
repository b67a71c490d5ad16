package io.sendense.connectors.cloudstack;

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
import org.jspecify.annotations.Nullable;

/** A machine being made in a cloud; what was made so far is known to the owner records. */
final class CloudStackDraft implements MachineDraft {
  private final CloudStackClient client;
  private final CloudStackScope scope;
  private final MachinePlan plan;
  private final CloudStackPlace place;
  private final TargetConnector disks;
  private final Made made;
  private final Build build;
  private final Map<String, Path> finished = new LinkedHashMap<>();
  private @Nullable String machine;
  private boolean started;
  private boolean kept;
  private boolean closed;

  CloudStackDraft(
      CloudStackClient client,
      CloudStackScope scope,
      MachinePlan plan,
      CloudStackPlace place,
      TargetConnector disks,
      Made made,
      Build build) {
    this.client = client;
    this.scope = scope;
    this.plan = plan;
    this.place = place;
    this.disks = disks;
    this.made = made;
    this.build = build;
  }

  @Override
  public TargetDisk createDisk(String name, long sizeBytes) {
    MachinePlan.Disk planned =
        plan.disks().stream()
            .filter(disk -> disk.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.BAD_ARGUMENT,
                        "disk " + name + " is not in the plan of " + plan.name(),
                        ""));
    Path image = place.images().file().apply(name);
    return new Disk(disks.createDisk(name, sizeBytes), planned, image);
  }

  @Override
  public void reap(String name) {
    disks.reap(name);
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
    String id = build.make(plan, finished);
    machine = id;
    return new CloudStackInventory(client, scope).machine(id);
  }

  @Override
  public void start() {
    String id = machine;
    if (id == null) {
      throw new SendenseException(
          ErrorCode.CONFLICT, "machine " + plan.name() + " was not made yet", "Make it first.");
    }
    String state =
        made.job("startVirtualMachine", Map.of("id", id))
            .object("virtualmachine")
            .map(vm -> vm.text("state"))
            .orElse("");
    if (!state.equals("Running")) {
      throw Answer.protocol("machine " + plan.name() + " was started and is " + state);
    }
    started = true;
  }

  @Override
  public void keep() {
    kept = true;
    build.handOver(started);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // What an interrupted restore made is removed all the same.
    boolean interrupted = Thread.interrupted();
    try {
      if (!kept) {
        made.removeMine();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Known to the owner records before it gets its final name. */
  private final class Disk extends ForwardingTargetDisk {
    private final MachinePlan.Disk planned;
    private final Path image;

    Disk(TargetDisk disk, MachinePlan.Disk planned, Path image) {
      super(disk);
      this.planned = planned;
      this.image = image;
    }

    @Override
    public void finish() {
      made.add(Made.IMAGE, image.toString());
      try {
        super.finish();
      } catch (RuntimeException e) {
        // Its final name was not taken by us, so what bears it is not ours to remove.
        made.forget(Made.IMAGE, image.toString());
        throw e;
      }
      build.finished(planned, planned.equals(plan.disks().getFirst()), image);
      finished.put(planned.name(), image);
    }
  }
}
