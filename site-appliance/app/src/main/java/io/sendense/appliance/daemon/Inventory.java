package io.sendense.appliance.daemon;

import io.sendense.connectors.kvm.QemuVm;
import io.sendense.domain.Platform;
import io.sendense.domain.SendenseException;
import io.sendense.domain.VmId;
import io.sendense.protocol.Vm;
import io.sendense.protocol.VmDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** The machines of the configuration with the identity that each got when it was first seen. */
final class Inventory {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final DaemonConfig config;
  private final DaemonDatabase database;
  private final Supplier<UUID> ids;

  Inventory(DaemonConfig config, DaemonDatabase database, Supplier<UUID> ids) {
    this.config = config;
    this.database = database;
    this.ids = ids;
    config.vms().forEach(entry -> id(entry.name()));
  }

  /** The machine's identity, made now if it never had one. */
  VmId id(String name) {
    return database.inTransaction(
        () -> {
          List<String> known =
              database.query("SELECT id FROM vm WHERE name = ?", row -> row.getString(1), name);
          if (!known.isEmpty()) {
            return VmId.parse(known.getFirst());
          }
          VmId fresh = new VmId(ids.get());
          database.update(
              "INSERT INTO vm (name, id, disks) VALUES (?, ?, '[]')", name, fresh.toString());
          return fresh;
        });
  }

  boolean isConfigured(String name) {
    return config.vms().stream().anyMatch(vm -> vm.name().equals(name));
  }

  Optional<DaemonConfig.VmEntry> entry(VmId id) {
    return config.vms().stream().filter(vm -> id(vm.name()).equals(id)).findFirst();
  }

  /**
   * All machines. One that does not answer keeps the disks it had when it last did.
   *
   * @param covered by a policy in force
   */
  List<Vm> vms(Set<VmId> covered) {
    List<Vm> found = new ArrayList<>();
    for (DaemonConfig.VmEntry entry : config.vms()) {
      VmId id = id(entry.name());
      List<VmDisk> disks = disks(entry);
      found.add(new Vm(id, entry.name(), Platform.KVM, disks, covered.contains(id)));
    }
    return found;
  }

  private List<VmDisk> disks(DaemonConfig.VmEntry entry) {
    try {
      ArrayNode seen = JSON.createArrayNode();
      for (QemuVm.Disk disk : QemuVm.describe(entry.qmp(), DEADLINE).disks()) {
        seen.addObject().put("name", disk.name()).put("size", disk.sizeBytes());
      }
      database.update("UPDATE vm SET disks = ? WHERE name = ?", seen.toString(), entry.name());
    } catch (SendenseException e) {
      return kept(entry.name()); // it may be off or in the middle of a backup
    }
    return kept(entry.name());
  }

  private List<VmDisk> kept(String name) {
    List<VmDisk> disks = new ArrayList<>();
    for (String json :
        database.query("SELECT disks FROM vm WHERE name = ?", row -> row.getString(1), name)) {
      for (JsonNode disk : JSON.readTree(json)) {
        disks.add(new VmDisk(disk.path("name").asString("disk"), disk.path("size").asLong(0)));
      }
    }
    return disks;
  }
}
