package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.OwnerRecords.Resource;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a restore made on a host and has not handed over: machines first, then their images. */
final class MadeThings {
  private static final String MACHINE = "machine";
  private static final String IMAGE = "image";

  private final OwnerRecords records;
  private final String source;

  MadeThings(OwnerRecords records, String source) {
    this.records = records;
    this.source = source;
  }

  boolean isEmpty() {
    return records.list(source).isEmpty();
  }

  boolean isMachine(String uuid) {
    return records.list(source).contains(new Resource(source, MACHINE, uuid));
  }

  boolean isImage(Path file) {
    return records.list(source).contains(new Resource(source, IMAGE, file.toString()));
  }

  /** The machine that was begun, whether it is there or not. */
  Optional<String> machine() {
    return records.list(source).stream()
        .filter(resource -> resource.kind().equals(MACHINE))
        .map(Resource::name)
        .findFirst();
  }

  void addMachine(String uuid) {
    records.add(new Resource(source, MACHINE, uuid));
  }

  void addImage(Path file) {
    records.add(new Resource(source, IMAGE, file.toString()));
  }

  void keepMachine(String uuid) {
    records.remove(new Resource(source, MACHINE, uuid));
  }

  void keepImage(Path file) {
    records.remove(new Resource(source, IMAGE, file.toString()));
  }

  /** Removes the images that are none of these. */
  void removeImagesBut(List<Path> used) {
    for (Resource resource : records.list(source)) {
      if (resource.kind().equals(IMAGE) && !used.contains(Path.of(resource.name()))) {
        removeImage(Path.of(resource.name()));
      }
    }
  }

  /** All of it was handed over. */
  void keepAll() {
    records.list(source).forEach(records::remove);
  }

  void removeAll(Libvirt libvirt) {
    for (Resource resource : records.list(source)) {
      if (resource.kind().equals(MACHINE)) {
        removeMachine(libvirt, resource.name());
      }
    }
    for (Resource resource : records.list(source)) {
      if (resource.kind().equals(IMAGE)) {
        removeImage(Path.of(resource.name()));
      }
    }
  }

  void removeMachine(Libvirt libvirt, String uuid) {
    Optional<Domain> domain = libvirt.domain(uuid);
    if (domain.isPresent()) {
      if (domain.get().isActive()) {
        domain.get().destroy();
      }
      Libvirt.ifThere(
          () -> {
            domain.get().undefine();
            return true;
          });
    }
    keepMachine(uuid);
  }

  void removeImage(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          "the image "
              + file
              + " of a machine that was not made cannot be removed: "
              + e.getMessage(),
          "Remove it by hand.",
          e);
    }
    keepImage(file);
  }
}
