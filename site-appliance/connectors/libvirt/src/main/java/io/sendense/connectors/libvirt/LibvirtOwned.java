package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.OwnerRecords.Resource;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.List;

/** The owner records of one machine, typed. */
final class LibvirtOwned {
  private static final String JOB = "backup-job";
  private static final String SCRATCH = "scratch-file";
  private static final String CHECKPOINT = "checkpoint";
  private static final String SNAPSHOT = "rbd-snapshot";
  private static final String FROZEN = "frozen";
  private static final String NONE = "-";

  private final OwnerRecords records;
  private final String source;

  LibvirtOwned(OwnerRecords records, String source) {
    this.records = records;
    this.source = source;
  }

  /**
   * A checkpoint being added beside the one of the baseline.
   *
   * @param old empty where there is none
   */
  record Rotation(String added, String old) {}

  /**
   * @param mark a text that only our job's description holds
   */
  void addJob(String mark) {
    records.add(new Resource(source, JOB, mark));
  }

  void removeJob(String mark) {
    records.remove(new Resource(source, JOB, mark));
  }

  List<String> jobs() {
    return names(JOB);
  }

  void addScratch(Path file) {
    records.add(new Resource(source, SCRATCH, file.toString()));
  }

  void removeScratch(Path file) {
    records.remove(new Resource(source, SCRATCH, file.toString()));
  }

  List<Path> scratch() {
    return names(SCRATCH).stream().map(Path::of).toList();
  }

  void add(Rotation rotation) {
    records.add(resource(rotation));
  }

  void remove(Rotation rotation) {
    records.remove(resource(rotation));
  }

  List<Rotation> rotations() {
    return names(CHECKPOINT).stream()
        .map(
            name -> {
              String[] parts = name.split("\t", -1);
              if (parts.length != 2) {
                throw unreadable(name);
              }
              return new Rotation(parts[0], parts[1].equals(NONE) ? "" : parts[1]);
            })
        .toList();
  }

  /**
   * A snapshot being added to an image of Ceph, beside the one of the baseline.
   *
   * @param old empty where there is none
   */
  record Snapshots(String image, String added, String old) {}

  void addSnapshot(Snapshots one) {
    records.add(resource(one));
  }

  void removeSnapshot(Snapshots one) {
    records.remove(resource(one));
  }

  List<Snapshots> snapshots() {
    return names(SNAPSHOT).stream()
        .map(
            name -> {
              String[] parts = name.split("\t", -1);
              if (parts.length != 3) {
                throw unreadable(name);
              }
              return new Snapshots(parts[0], parts[1], parts[2].equals(NONE) ? "" : parts[2]);
            })
        .toList();
  }

  private Resource resource(Snapshots one) {
    return new Resource(
        source,
        SNAPSHOT,
        one.image() + "\t" + one.added() + "\t" + (one.old().isEmpty() ? NONE : one.old()));
  }

  private SendenseException unreadable(String name) {
    return new SendenseException(
        ErrorCode.INTERNAL,
        "an owner record of " + source + " cannot be read: " + name,
        "Remove by hand on the source what it names.");
  }

  /** A guest that was asked to freeze. */
  void addFrozen() {
    records.add(new Resource(source, FROZEN, NONE));
  }

  void removeFrozen() {
    records.remove(new Resource(source, FROZEN, NONE));
  }

  boolean isFrozen() {
    return !names(FROZEN).isEmpty();
  }

  boolean isEmpty() {
    return records.list(source).isEmpty();
  }

  private Resource resource(Rotation r) {
    return new Resource(
        source, CHECKPOINT, r.added() + "\t" + (r.old().isEmpty() ? NONE : r.old()));
  }

  private List<String> names(String kind) {
    return records.list(source).stream()
        .filter(resource -> resource.kind().equals(kind))
        .map(Resource::name)
        .toList();
  }
}
