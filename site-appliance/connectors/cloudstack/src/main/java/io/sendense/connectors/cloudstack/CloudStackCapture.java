package io.sendense.connectors.cloudstack;

import io.sendense.connectors.cloudstack.KvmHosts.KvmHost;
import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.Machine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The capture of a host, of a machine as CloudStack knows it. */
final class CloudStackCapture implements Capture {
  private final Capture inner;
  private final Answer vm;
  private final List<Answer> volumes;
  private final KvmHost host;
  private final List<String> notes;
  private final Runnable ended;

  /**
   * @param ended runs after the host was left clean
   */
  CloudStackCapture(
      Capture inner,
      Answer vm,
      List<Answer> volumes,
      KvmHost host,
      List<String> notes,
      Runnable ended) {
    this.inner = inner;
    this.vm = vm;
    this.volumes = volumes;
    this.host = host;
    this.notes = notes;
    this.ended = ended;
  }

  @Override
  public Instant takenAt() {
    return inner.takenAt();
  }

  @Override
  public List<CapturedDisk> disks() {
    return inner.disks();
  }

  @Override
  public Consistency consistency() {
    return inner.consistency();
  }

  @Override
  public void commit() {
    inner.commit();
  }

  /** Name, cards and offering are CloudStack's; what the hardware is in detail, the host's. */
  @Override
  public Optional<Machine> machine() {
    return inner.machine().map(this::machine);
  }

  private Machine machine(Machine onHost) {
    Map<String, String> details = new LinkedHashMap<>(onHost.details());
    details.putAll(CloudStackInventory.details(vm, volumes));
    return new Machine(
        vm.required("id"),
        vm.text("name").isEmpty() ? onHost.name() : vm.text("name"),
        onHost.power(),
        onHost.hardware(),
        onHost.disks(),
        CloudStackInventory.nics(vm),
        details);
  }

  @Override
  public List<String> notes() {
    List<String> all = new ArrayList<>();
    all.add("captured on host " + host.name());
    all.addAll(inner.notes());
    all.addAll(notes);
    return all;
  }

  @Override
  public Baseline baseline() {
    return inner.baseline();
  }

  @Override
  public void close() {
    inner.close();
    ended.run();
  }
}
