package io.sendense.connectors.kvm;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.OwnerRecords.Resource;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The owner records of one virtual machine, typed. Each record is written before what it names is
 * made, and forgotten after it is gone.
 */
final class Owned {
  private static final String FILTER = "filter";
  private static final String BITMAP = "bitmap";
  private static final String SERVER = "nbd-server";
  private static final String NONE = "-";

  private final OwnerRecords records;
  private final String source;

  Owned(OwnerRecords records, String source) {
    this.records = records;
    this.source = source;
  }

  /**
   * Everything put between one device and its disk.
   *
   * @param origin the node that the device works on without us
   * @param stem of the names of our nodes, job and export
   * @param scratch the file that takes the old blocks
   */
  record Filter(String qomPath, String origin, String stem, Path scratch) {
    String top() {
      return stem + "-top";
    }

    String copier() {
      return stem + "-cbw";
    }

    String store() {
      return stem + "-old";
    }

    String view() {
      return stem + "-view";
    }

    String creation() {
      return stem + "-create";
    }
  }

  /**
   * A bitmap being added beside the one of the baseline.
   *
   * @param old empty where no disk has a usable one
   */
  record Rotation(String added, String old) {}

  void add(Filter filter) {
    records.add(resource(filter));
  }

  void remove(Filter filter) {
    records.remove(resource(filter));
  }

  void add(Rotation rotation) {
    records.add(resource(rotation));
  }

  void remove(Rotation rotation) {
    records.remove(resource(rotation));
  }

  void addServer(Path socket) {
    records.add(new Resource(source, SERVER, socket.toString()));
  }

  void removeServer(Path socket) {
    records.remove(new Resource(source, SERVER, socket.toString()));
  }

  boolean isEmpty() {
    return records.list(source).isEmpty();
  }

  List<Filter> filters() {
    return names(FILTER).stream()
        .map(name -> parts(name, 4))
        .map(p -> new Filter(p[0], p[1], p[2], Path.of(p[3])))
        .toList();
  }

  List<Rotation> rotations() {
    return names(BITMAP).stream()
        .map(name -> parts(name, 2))
        .map(p -> new Rotation(p[0], p[1].equals(NONE) ? "" : p[1]))
        .toList();
  }

  List<Path> servers() {
    return names(SERVER).stream().map(Path::of).toList();
  }

  private Resource resource(Filter f) {
    return new Resource(
        source, FILTER, f.qomPath() + "\t" + f.origin() + "\t" + f.stem() + "\t" + f.scratch());
  }

  private Resource resource(Rotation r) {
    return new Resource(source, BITMAP, r.added() + "\t" + (r.old().isEmpty() ? NONE : r.old()));
  }

  private List<String> names(String kind) {
    List<String> names = new ArrayList<>();
    for (Resource resource : records.list(source)) {
      if (resource.kind().equals(kind)) {
        names.add(resource.name());
      }
    }
    return names;
  }

  private String[] parts(String name, int count) {
    String[] parts = name.split("\t", count);
    if (parts.length != count) {
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "an owner record of " + source + " cannot be read: " + name,
          "Remove by hand on the source what it names.");
    }
    return parts;
  }
}
