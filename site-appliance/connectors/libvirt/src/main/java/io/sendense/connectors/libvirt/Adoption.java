package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.Baseline;
import io.sendense.domain.SendenseException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Makes libvirt know the checkpoint of a baseline again where only its bitmaps are there: a machine
 * that was migrated takes them along in its images, and leaves the checkpoint with its old host.
 */
record Adoption(Domain domain, DomainXml xml, String owner, InstantSource clock) {
  static Adoption of(Domain domain, DomainXml xml, String owner, InstantSource clock) {
    return new Adoption(domain, xml, owner, clock);
  }

  /** Where libvirt finds a bitmap missing or broken nothing changes, and disks are compared. */
  void adopt(Optional<Baseline> since) {
    Optional<String> checkpoint =
        since.flatMap(LibvirtBaseline::parse).flatMap(LibvirtBaseline::checkpoint);
    if (checkpoint.filter(name -> CheckpointNames.isOurs(name, owner)).isEmpty()
        || !domain.isPersistent()
        || domain.checkpoints().contains(checkpoint.get())) {
      return;
    }
    List<BackupXml.Disk> disks =
        xml.disks().stream()
            .map(
                disk ->
                    new BackupXml.Disk(
                        disk.target(), "", Optional.empty(), disk.untracked().isEmpty()))
            .toList();
    try {
      domain.redefineCheckpoint(
          BackupXml.known(
              checkpoint.get(),
              clock.instant().getEpochSecond(),
              disks,
              xml.others(),
              domain.xml()));
    } catch (SendenseException e) {
      if (LibvirtError.of(e).isEmpty()) {
        throw e;
      }
    }
  }
}
