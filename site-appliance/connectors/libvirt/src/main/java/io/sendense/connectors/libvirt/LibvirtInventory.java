package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.Inventory;
import io.sendense.connectors.spi.Machine;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The machines of one libvirt daemon. Each question opens a connection of its own. */
public final class LibvirtInventory implements Inventory {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final LibvirtUri uri;
  private final Duration deadline;

  /**
   * @param deadline for each call to libvirt
   */
  public LibvirtInventory(LibvirtUri uri, Duration deadline) {
    this.uri = uri;
    this.deadline = deadline;
  }

  @Override
  public void machines(Consumer<Machine> seen) {
    try (Libvirt libvirt = Libvirt.open(uri, deadline)) {
      for (Domain domain : libvirt.domains()) {
        Libvirt.ifThere(() -> describe(domain)).ifPresent(seen);
        domain.free();
      }
    }
  }

  @Override
  public Machine machine(String idOrName) {
    try (Libvirt libvirt = Libvirt.open(uri, deadline)) {
      Optional<Domain> byId =
          UUID.matcher(idOrName).matches() ? libvirt.domain(idOrName) : Optional.empty();
      return byId.or(() -> libvirt.domainNamed(idOrName))
          .map(LibvirtInventory::describe)
          .orElseThrow(
              () ->
                  new SendenseException(
                      ErrorCode.NOT_FOUND,
                      "libvirt at " + uri.text() + " has no machine " + idOrName,
                      "List what is there with: kvm list --uri " + uri.text()));
    }
  }

  static Machine describe(Domain domain) {
    return describe(domain, DomainXml.parse(domain.xml()));
  }

  static Machine describe(Domain domain, DomainXml xml) {
    List<Machine.Disk> disks =
        xml.disks().stream()
            .map(
                disk ->
                    new Machine.Disk(
                        disk.target(), sizeOf(domain, disk), disk.format(), disk.untracked()))
            .toList();
    return new Machine(
        xml.uuid(), xml.name(), domain.power(), xml.hardware(), disks, xml.nics(), xml.details());
  }

  /** A disk whose storage cannot be looked at now, as an image that is gone, has no known size. */
  private static long sizeOf(Domain domain, DomainXml.Disk disk) {
    try {
      return domain.capacity(disk.target());
    } catch (SendenseException e) {
      if (LibvirtError.of(e).isPresent()) {
        return 0;
      }
      throw e;
    }
  }
}
