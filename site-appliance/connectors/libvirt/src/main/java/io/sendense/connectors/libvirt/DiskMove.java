package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A disk of a running machine on its way to an image in another folder: QEMU mirrors what is
 * written meanwhile, and the machine goes over to the copy when it is complete. Until then the
 * machine needs nothing of the copy; it may be thrown away at any time.
 */
final class DiskMove {
  private final Libvirt libvirt;
  private final Domain domain;
  private final RunControl run;
  private final MadeThings made;
  private final LibvirtInstant.Overlays images;

  DiskMove(Libvirt libvirt, Domain domain, MadeThings made, LibvirtInstant.Overlays images) {
    this.libvirt = libvirt;
    this.domain = domain;
    this.run = new RunControl(domain);
    this.made = made;
    this.images = images;
  }

  /**
   * Begins it, goes on with it or ends it.
   *
   * @return whether it had to be begun
   */
  boolean go(String disk, Path folder) {
    Path from = source(disk);
    Path to = folder.resolve(from.getFileName());
    if (from.equals(to)) {
      return false;
    }
    Optional<RunControl.Mirror> mirror = run.mirror(disk);
    if (mirror.isPresent() && mirror.get().file().equals(to.toString())) {
      if (mirror.get().ready()) {
        run.pivot(disk);
        made.removeImage(from);
      }
      return false;
    }
    if (mirror.isPresent()) {
      run.abandon(disk);
      made.removeImage(Path.of(mirror.get().file()));
    } else if (run.job(disk).isPresent()) {
      run.abandon(disk); // it was streaming into its own image
    }
    begin(disk, to);
    return true;
  }

  private void begin(String disk, Path to) {
    if (made.isImage(to)) {
      made.removeImage(to); // of an attempt that broke off
    }
    if (Files.exists(to)) {
      throw new SendenseException(
          ErrorCode.ALREADY_EXISTS,
          to + " is already there",
          "Use another folder; nothing was overwritten.");
    }
    made.addImage(to);
    images.create(to, domain.capacity(disk), Optional.empty());
    Path folder = to.getParent();
    QemuUser.give(libvirt, folder == null ? to : folder, to);
    run.copy(disk, to);
  }

  private Path source(String disk) {
    return DomainXml.parse(domain.xml()).disks().stream()
        .filter(one -> one.target().equals(disk))
        .map(one -> Path.of(one.source()))
        .findFirst()
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.SOURCE_PROTOCOL,
                    "the machine no longer has disk " + disk,
                    "Look at its definition with virsh dumpxml."));
  }
}
