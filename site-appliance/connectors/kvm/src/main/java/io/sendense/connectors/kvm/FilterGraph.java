package io.sendense.connectors.kvm;

import io.sendense.connectors.kvm.Hypervisor.BitmapRef;
import io.sendense.connectors.kvm.Owned.Filter;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds and takes down what keeps the old blocks of a disk during a capture.
 *
 * <p>Between the device and its disk goes a pass-through node; pointing all of them at their
 * copy-before-write filters in one {@code blockdev-reopen} is the instant of the capture, for all
 * disks at once and without a pause of the machine. The filter is told to break the view, not the
 * guest's write, when the scratch file cannot take a block, which is why this is not {@code
 * blockdev-backup}: until QEMU 10.1 that one can only fail the guest's write.
 *
 * <pre>
 *   device -> top -> copier -> origin (qcow2, with the bitmaps)
 *                      |   \-> store (scratch file)
 *                    view -> NBD export
 * </pre>
 */
final class FilterGraph {
  private final Hypervisor vm;
  private final Owned owned;

  FilterGraph(Hypervisor vm, Owned owned) {
    this.vm = vm;
    this.owned = owned;
  }

  /** Puts everything in place; the guest still writes past the filter. */
  void prepare(Filter filter, long sizeBytes, Duration scratchDeadline) {
    owned.add(filter);
    vm.createFile(filter.creation(), filter.scratch(), sizeBytes);
    vm.addNode(
        QmpClient.object()
            .put("driver", "file")
            .put("node-name", filter.store())
            .put("filename", filter.scratch().toString()));
    vm.addNode(
        QmpClient.object()
            .put("driver", "copy-before-write")
            .put("node-name", filter.copier())
            .put("file", filter.origin())
            .put("target", filter.store())
            .put("on-cbw-error", "break-snapshot")
            .put("cbw-timeout", scratchDeadline.toSeconds()));
    vm.addNode(passThrough(filter, filter.origin()));
    vm.setRoot(filter.qomPath(), filter.top());
  }

  /** The instant: from now on what the guest overwrites is kept. */
  void take(List<Filter> filters) {
    vm.reopen(filters.stream().map(f -> passThrough(f, f.copier())).toList());
  }

  /** Offers the disk as it stood, under the filter's stem as the export's name. */
  void expose(Filter filter, Optional<BitmapRef> changes) {
    vm.addNode(
        QmpClient.object()
            .put("driver", "snapshot-access")
            .put("node-name", filter.view())
            .put("file", filter.copier()));
    vm.addExport(filter.stem(), filter.view(), changes);
  }

  /**
   * Takes down whatever of it is there, in an order that leaves the guest's disk reachable at every
   * step, and then forgets it. For a capture's end and for the reaper after a crash.
   */
  void dismantle(Filter filter) {
    vm.removeExports(Set.of(filter.stem()));
    vm.dismissIfThere(filter.creation());
    Set<String> nodes = vm.nodeNames();
    if (nodes.contains(filter.view())) {
      vm.removeNode(filter.view());
    }
    if (nodes.contains(filter.top())) {
      // The filter must lose its parent first: with one, it forbids others to write to the origin.
      vm.reopen(List.of(passThrough(filter, filter.origin())));
      if (vm.rootOf(filter.qomPath()).equals(Optional.of(filter.top()))) {
        vm.setRoot(filter.qomPath(), filter.origin());
      }
      vm.removeNode(filter.top());
    }
    for (String node : List.of(filter.copier(), filter.store())) {
      if (nodes.contains(node)) {
        vm.removeNode(node);
      }
    }
    forget(filter);
  }

  /** For a machine that runs no more: only the file is left. */
  void forget(Filter filter) {
    delete(filter.scratch());
    owned.remove(filter);
  }

  private static ObjectNode passThrough(Filter filter, String below) {
    return QmpClient.object()
        .put("driver", "raw")
        .put("node-name", filter.top())
        .put("file", below)
        .put("discard", "unmap");
  }

  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.SOURCE_PROTOCOL,
          "the scratch file " + file + " cannot be removed: " + e.getMessage(),
          "Remove it by hand; nothing uses it any more.",
          e);
    }
  }
}
