package io.sendense.connectors.libvirt;

import io.sendense.domain.SendenseException;
import java.util.Optional;

/**
 * Removes by the owner records what a process that is no more left on a machine. Each step looks
 * first at what is there, so it may be run again after it was itself interrupted.
 */
final class LibvirtReaper {
  private final LibvirtSourceOptions options;
  private final LibvirtOwned owned;

  LibvirtReaper(LibvirtSourceOptions options, LibvirtOwned owned) {
    this.options = options;
    this.owned = owned;
  }

  void reap() {
    if (owned.isEmpty()) {
      return;
    }
    try (Libvirt libvirt = Libvirt.open(options.uri(), options.callDeadline())) {
      reap(libvirt.domain(options.uuid()));
    }
  }

  void reap(Optional<Domain> found) {
    // First of all: a guest that stands still.
    if (owned.isFrozen()) {
      thaw();
    }
    // Snapshots are of images, which stay where a machine goes. Without a cluster they wait.
    options.rbd().ifPresent(rbd -> RbdTracking.rollBack(rbd, owned));
    BackupJobs jobs = new BackupJobs(owned, options.uri().isLocal());
    for (String mark : owned.jobs()) {
      found.ifPresentOrElse(domain -> jobs.end(domain, mark), () -> jobs.forgetFiles(mark));
    }
    for (LibvirtOwned.Rotation rotation : owned.rotations()) {
      // With a machine that is gone its checkpoints are gone.
      found.ifPresentOrElse(
          domain -> jobs.rollBack(domain, rotation), () -> owned.remove(rotation));
    }
  }

  /** Where the agent does not answer the record stays, and the next reaping asks again. */
  private void thaw() {
    try (GuestAgent agent = new GuestAgent(options)) {
      agent.thaw();
      owned.removeFrozen();
    } catch (SendenseException e) {
      if (LibvirtError.of(e).isEmpty()) {
        throw e;
      }
    }
  }
}
