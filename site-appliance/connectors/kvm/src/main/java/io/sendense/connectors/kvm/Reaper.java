package io.sendense.connectors.kvm;

import io.sendense.connectors.kvm.Owned.Filter;
import io.sendense.domain.SendenseException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Removes by the owner records what a process that is no more left on a virtual machine. Each step
 * looks first at what is there, so it may be run again after it was itself interrupted.
 */
final class Reaper {
  private final QemuSourceOptions options;
  private final Owned owned;

  Reaper(QemuSourceOptions options, Owned owned) {
    this.options = options;
    this.owned = owned;
  }

  void reap() {
    if (owned.isEmpty()) {
      return;
    }
    try (QmpClient qmp = QmpClient.connect(options.qmpSocket(), options.commandDeadline())) {
      reap(new Hypervisor(qmp, options.qmpSocket()));
    } catch (SendenseException e) {
      if (!nothingRuns(e)) {
        throw e;
      }
      forgetWhatQemuTookAlong();
    }
  }

  private void reap(Hypervisor vm) {
    FilterGraph graph = new FilterGraph(vm, owned);
    for (Filter filter : owned.filters()) {
      graph.dismantle(filter);
    }
    for (Path socket : owned.servers()) {
      new NbdServer(vm, owned, socket).stop();
    }
    for (Owned.Rotation rotation : owned.rotations()) {
      new BitmapRotation(vm, owned, rotation).rollBack();
    }
  }

  /**
   * Nodes, exports and the server went with QEMU. Its bitmaps are in the image: their records wait
   * until the machine runs again.
   */
  private void forgetWhatQemuTookAlong() {
    for (Filter filter : owned.filters()) {
      FilterGraph.delete(filter.scratch());
      owned.remove(filter);
    }
    for (Path socket : owned.servers()) {
      FilterGraph.delete(socket);
      owned.removeServer(socket);
    }
  }

  private boolean nothingRuns(SendenseException e) {
    return e.getCause() instanceof ConnectException || !Files.exists(options.qmpSocket());
  }
}
