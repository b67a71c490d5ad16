package io.sendense.connectors.kvm;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * QEMU's one NBD server, while it is ours.
 *
 * <p>QEMU does not say whose server runs. It is ours where this very QEMU process holds the marker
 * node that was added before the server was started, and the socket of that start exists. To find
 * out by connecting is no way: {@code nbd-server-stop} of QEMU 7.2 never returns, and the guest
 * stands still, while a client has connected and not yet chosen an export. For the same reason all
 * our clients are closed, and some commands have passed since, when the server is stopped.
 */
final class NbdServer {
  static final String SUFFIX = ".nbd";

  private final Hypervisor vm;
  private final Owned owned;
  private final Path socket;
  private final String marker;

  NbdServer(Hypervisor vm, Owned owned, Path socket) {
    this.vm = vm;
    this.owned = owned;
    this.socket = socket;
    String name = String.valueOf(socket.getFileName());
    this.marker = name.substring(0, name.length() - SUFFIX.length()) + "-mark";
  }

  Path socket() {
    return socket;
  }

  /**
   * @throws SendenseException SOURCE_SNAPSHOT_FAILED where someone else's server runs
   */
  void start(int maxConnections) {
    owned.addServer(socket);
    vm.addNode(
        QmpClient.object()
            .put("driver", "null-co")
            .put("node-name", marker)
            .put("size", 0)
            .put("read-zeroes", true));
    try {
      vm.startNbdServer(socket, maxConnections);
    } catch (SendenseException e) {
      throw new SendenseException(
          ErrorCode.SOURCE_SNAPSHOT_FAILED,
          "the NBD server of the virtual machine cannot be used: " + e.getMessage(),
          "QEMU has one NBD server; end the other backup or migration that uses it.",
          e);
    }
  }

  /** Stops it if it is ours and runs; called when no export of ours is left. */
  void stop() {
    if (!owned.servers().contains(socket)) {
      return;
    }
    if (vm.nodeNames().contains(marker)) {
      if (Files.exists(socket)) {
        vm.stopNbdServer();
      }
      vm.removeNode(marker);
    }
    FilterGraph.delete(socket);
    owned.removeServer(socket);
  }
}
