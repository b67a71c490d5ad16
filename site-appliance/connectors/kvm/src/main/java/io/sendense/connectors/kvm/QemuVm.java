package io.sendense.connectors.kvm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What an inventory shows of one virtual machine.
 *
 * @param name as given to QEMU; empty where none was given
 * @param uuid of the machine; all zeros where none was given
 * @param status QEMU's run state, such as {@code running} or {@code paused}
 */
public record QemuVm(String name, String uuid, String status, List<Disk> disks) {
  public QemuVm {
    disks = List.copyOf(disks);
  }

  /**
   * A writable disk.
   *
   * @param name the one a capture uses
   * @param format of its top node, such as {@code qcow2} or {@code raw}
   */
  public record Disk(String name, String format, long sizeBytes) {}

  /**
   * Asks the virtual machine behind a QMP socket.
   *
   * @throws io.sendense.domain.SendenseException SOURCE_UNREADABLE where nothing answers
   */
  public static QemuVm describe(Path qmpSocket, Duration deadline) {
    try (QmpClient qmp = QmpClient.connect(qmpSocket, deadline)) {
      Hypervisor vm = new Hypervisor(qmp, qmpSocket);
      return new QemuVm(
          vm.vmName(),
          vm.uuid(),
          vm.status(),
          vm.disks().stream().map(d -> new Disk(d.name(), d.format(), d.sizeBytes())).toList());
    }
  }
}
