package io.sendense.connectors.cloudstack;

import io.sendense.connectors.cloudstack.KvmHosts.KvmHost;
import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Blocker;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.OwnerRecords.Resource;
import io.sendense.connectors.spi.Readiness;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Captures one machine on the KVM host that it runs on when the capture begins. Which host that is
 * may change from one capture to the next; the machine stays the same.
 *
 * <p>It keeps, beside the owner records of the host's own connector, on which hosts something may
 * have been left, so that it is removed there also when the machine has moved on.
 */
public final class CloudStackSource implements SourceConnector {
  private static final String HOST = "kvm-host";
  private static final int LOOKS = 3;

  private final CloudStackClient client;
  private final CloudStackInventory inventory;
  private final String machineId;
  private final KvmHosts hosts;
  private final OwnerRecords records;
  private final String source;

  /**
   * @param machineId of CloudStack's machine
   */
  public CloudStackSource(
      CloudStackClient client,
      CloudStackScope scope,
      String machineId,
      KvmHosts hosts,
      OwnerRecords records) {
    this.client = client;
    this.inventory = new CloudStackInventory(client, scope);
    this.machineId = machineId;
    this.hosts = hosts;
    this.records = records;
    this.source = "cloudstack:" + client.url() + "#" + machineId;
  }

  @Override
  public Readiness prepare() {
    Answer vm = inventory.find(machineId);
    List<Blocker> blockers = blockers(vm);
    if (!blockers.isEmpty()) {
      return Readiness.of(blockers, List.of());
    }
    Readiness ofHost = hosts.source(host(vm), domain(vm), records).prepare();
    return switch (ofHost) {
      case Readiness.Blocked blocked -> blocked;
      case Readiness.Ready ready -> {
        List<String> notes = new ArrayList<>(ready.notes());
        notes.addAll(notes(vm));
        yield new Readiness.Ready(notes);
      }
    };
  }

  private static List<Blocker> blockers(Answer vm) {
    List<Blocker> blockers = new ArrayList<>();
    String name = vm.text("name");
    if (!vm.text("hypervisor").equalsIgnoreCase("kvm")) {
      blockers.add(
          new Blocker(
              Blocker.Kind.PLATFORM,
              "machine " + name + " runs on " + vm.text("hypervisor"),
              "Only machines on KVM hosts are backed up through CloudStack."));
    } else if (!vm.text("state").equals("Running")) {
      blockers.add(
          new Blocker(
              Blocker.Kind.STATE,
              "machine " + name + " is " + vm.text("state") + ", and only what runs is captured",
              "Start it, or wait until CloudStack is done with it."));
    } else if (vm.text("hostid").isEmpty()) {
      blockers.add(
          new Blocker(
              Blocker.Kind.RIGHTS,
              "CloudStack does not tell these keys on which host machine " + name + " runs",
              "Use keys of a root admin: hosts are shown to no one else."));
    }
    return blockers;
  }

  /** Snapshots that somebody left: they are not ours to remove, but grow the volumes. */
  private List<String> notes(Answer vm) {
    List<Answer> left =
        client.all(
            "listVMSnapshot",
            Map.of("virtualmachineid", vm.required("id"), "listall", "true"),
            "vmSnapshot");
    return left.isEmpty()
        ? List.of()
        : List.of(
            "machine "
                + vm.text("name")
                + " has "
                + left.size()
                + " snapshots in CloudStack, such as "
                + left.getFirst().text("name")
                + "; they are in no way needed by a backup");
  }

  private KvmHost host(Answer vm) {
    String id = vm.required("hostid");
    Answer host =
        client
            .first("listHosts", Map.of("id", id, "type", "Routing"), "host")
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.NOT_FOUND,
                        "CloudStack shows no host " + id,
                        "Use keys of a root admin: hosts are shown to no one else."));
    return new KvmHost(id, host.text("name"), host.text("ipaddress"));
  }

  private static String domain(Answer vm) {
    return vm.required("id");
  }

  @Override
  public Capture capture(Optional<Baseline> baseline) {
    List<String> left = reapWhatIsReached();
    SendenseException moved = null;
    // It may have moved between the two questions, where to and what.
    for (int look = 0; look < LOOKS; look++) {
      Answer vm = inventory.find(machineId);
      List<Blocker> blockers = blockers(vm);
      if (!blockers.isEmpty()) {
        Blocker first = blockers.getFirst();
        throw new SendenseException(ErrorCode.SOURCE_SNAPSHOT_FAILED, first.what(), first.remedy());
      }
      try {
        return capture(vm, baseline, left);
      } catch (SendenseException e) {
        if (e.code() != ErrorCode.NOT_FOUND) {
          throw e;
        }
        moved = e;
      }
    }
    throw java.util.Objects.requireNonNull(moved);
  }

  private Capture capture(Answer vm, Optional<Baseline> baseline, List<String> left) {
    KvmHost host = host(vm);
    Resource record = record(host);
    List<Answer> volumes = inventory.volumes(vm);
    List<String> notes = new ArrayList<>(left);
    notes.addAll(notes(vm));
    records.add(record);
    Capture inner;
    try {
      inner = hosts.source(host, domain(vm), records).capture(baseline);
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        records.remove(record);
      }
      throw e;
    }
    return new CloudStackCapture(inner, vm, volumes, host, notes, () -> records.remove(record));
  }

  private Resource record(KvmHost host) {
    return new Resource(source, HOST, host.id() + "\t" + host.name() + "\t" + host.address());
  }

  @Override
  public void reap() {
    records.list(source).forEach(this::reap);
  }

  private void reap(Resource record) {
    String[] parts = record.name().split("\t", -1);
    if (record.kind().equals(HOST) && parts.length == 3) {
      hosts.source(new KvmHost(parts[0], parts[1], parts[2]), machineId, records).reap();
      records.remove(record);
    }
  }

  /** A host that is down must not keep a machine that moved away from being backed up. */
  private List<String> reapWhatIsReached() {
    List<String> left = new ArrayList<>();
    for (Resource record : records.list(source)) {
      try {
        reap(record);
      } catch (SendenseException e) {
        left.add(
            "what an earlier backup left on a host could not be removed yet: " + e.getMessage());
      }
    }
    return left;
  }

  @Override
  public void forget() {
    reap();
    Answer vm = inventory.find(machineId);
    if (blockers(vm).isEmpty()) {
      hosts.source(host(vm), domain(vm), records).forget();
    }
  }
}
