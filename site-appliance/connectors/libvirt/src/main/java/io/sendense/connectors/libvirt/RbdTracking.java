package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.spi.Machine;
import io.sendense.domain.BlockRange;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What changed on the disks of one capture that are images of Ceph, by their snapshots.
 *
 * <p>A snapshot becomes the next baseline and is taken <em>before</em> the instant; what changed is
 * asked for from the baseline before to a snapshot taken <em>after</em> it. So writes of around the
 * instant are named twice and none is missed. Taking a snapshot has QEMU write out what it holds
 * back, which an image without exclusive lock does not see to: such a one is not tracked.
 */
final class RbdTracking {
  private static final String IMAGE = "[A-Za-z0-9_.][A-Za-z0-9_.:-]*(/[A-Za-z0-9_.:-]+){1,2}";

  private final Rbd rbd;
  private final LibvirtOwned owned;
  private final String owner;
  private final RandomGenerator random;
  private final String added;
  private final Map<String, Image> images = new LinkedHashMap<>();
  private final Map<String, ChangeSet> changes = new HashMap<>();
  private Optional<String> old = Optional.empty();

  /** One disk. */
  private record Image(DomainXml.Disk disk, String name, long sizeBytes, boolean since) {}

  private RbdTracking(Rbd rbd, LibvirtOwned owned, String owner, RandomGenerator random) {
    this.rbd = rbd;
    this.owned = owned;
    this.owner = owner;
    this.random = random;
    this.added = CheckpointNames.next(owner, random);
  }

  /** Empty where no cluster is named. */
  static Optional<RbdTracking> of(
      LibvirtSourceOptions options, LibvirtOwned owned, RandomGenerator random) {
    return options.rbd().map(it -> new RbdTracking(it, owned, options.owner(), random));
  }

  /** The image behind a disk, where it is one of Ceph. */
  static Optional<String> image(DomainXml.Disk disk) {
    return disk.isRbd()
        ? Optional.of(disk.source().substring(DomainXml.RBD.length())).filter(i -> i.matches(IMAGE))
        : Optional.empty();
  }

  /** Before the instant. A disk whose cluster does not answer is compared in full. */
  void before(DomainXml xml, Machine machine, Optional<LibvirtBaseline> since) {
    old = since.flatMap(LibvirtBaseline::snapshot);
    for (int i = 0; i < xml.disks().size(); i++) {
      DomainXml.Disk disk = xml.disks().get(i);
      Optional<String> name = image(disk);
      if (name.isPresent()) {
        begin(disk, name.get(), machine.disks().get(i).sizeBytes(), since);
      }
    }
  }

  private void begin(
      DomainXml.Disk disk, String name, long sizeBytes, Optional<LibvirtBaseline> since) {
    try {
      if (!rbd.isOrderly(name)) {
        untracked(
            disk, "image " + name + " has no exclusive lock, so its snapshots may miss writes");
        return;
      }
      List<Rbd.Snapshot> there = rbd.snapshots(name);
      Optional<Rbd.Snapshot> base =
          there.stream().filter(one -> old.equals(Optional.of(one.name()))).findFirst();
      boolean fits =
          base.filter(
                  one ->
                      since
                          .orElseThrow()
                          .marks()
                          .contains(LibvirtBaseline.mark(disk, sizeBytes, one.id())))
              .isPresent();
      for (Rbd.Snapshot one : there) {
        if (CheckpointNames.isOurs(one.name(), owner) && !(fits && base.get().equals(one))) {
          rbd.remove(name, one.name());
        }
      }
      if (!fits) {
        untracked(disk, whyNone(name, since, base.isPresent()));
      }
      owned.addSnapshot(new LibvirtOwned.Snapshots(name, added, fits ? old.get() : ""));
      images.put(disk.target(), new Image(disk, name, sizeBytes, fits));
      rbd.create(name, added);
    } catch (SendenseException e) {
      untracked(disk, String.valueOf(e.getMessage()));
    }
  }

  private String whyNone(String name, Optional<LibvirtBaseline> since, boolean there) {
    if (since.isEmpty() || old.isEmpty()) {
      return "no snapshot of image " + name + " was taken for the point before";
    }
    return there
        ? "snapshot " + old.get() + " of image " + name + " is not that of the point before"
        : "snapshot " + old.get() + " of image " + name + " is no longer there";
  }

  /** After the instant. */
  void after() {
    for (Image image : images.values()) {
      if (!image.since()) {
        continue;
      }
      String end = CheckpointNames.next(owner, random);
      LibvirtOwned.Snapshots record = new LibvirtOwned.Snapshots(image.name(), end, "");
      owned.addSnapshot(record);
      try {
        rbd.create(image.name(), end);
        changes.put(
            image.disk().target(),
            new ChangeSet.Tracked(
                "RBD snapshot " + old.orElseThrow(),
                ranges(rbd.changes(image.name(), old.get(), end), image.sizeBytes())));
        rbd.remove(image.name(), end);
        owned.removeSnapshot(record);
      } catch (SendenseException e) {
        untracked(image.disk(), String.valueOf(e.getMessage()));
      }
    }
  }

  private static List<BlockRange> ranges(List<long[]> found, long sizeBytes) {
    List<BlockRange> ranges = new ArrayList<>();
    for (long[] one : found) {
      long length = Math.min(one[1], sizeBytes - one[0]);
      if (length > 0) {
        ranges.add(new BlockRange(one[0], length));
      }
    }
    return ranges;
  }

  private void untracked(DomainXml.Disk disk, String why) {
    changes.put(disk.target(), new ChangeSet.Untracked("disk " + disk.target() + ": " + why));
  }

  /** Empty for a disk that is none of Ceph's. */
  Optional<ChangeSet> changes(String target) {
    return Optional.ofNullable(changes.get(target));
  }

  /** The same baseline with the snapshots that were taken. */
  LibvirtBaseline extend(LibvirtBaseline baseline) {
    Set<String> marks = new HashSet<>(baseline.marks());
    for (Image image : images.values()) {
      try {
        rbd.snapshots(image.name()).stream()
            .filter(one -> one.name().equals(added))
            .forEach(
                one -> marks.add(LibvirtBaseline.mark(image.disk(), image.sizeBytes(), one.id())));
      } catch (SendenseException e) {
        // Without its mark the disk is compared in full next time.
        untracked(image.disk(), String.valueOf(e.getMessage()));
      }
    }
    return new LibvirtBaseline(
        baseline.checkpoint(), marks, images.isEmpty() ? Optional.empty() : Optional.of(added));
  }

  void commit() {
    for (LibvirtOwned.Snapshots one : owned.snapshots()) {
      rbd.remove(one.image(), one.added().equals(added) ? one.old() : one.added());
      owned.removeSnapshot(one);
    }
  }

  void rollBack() {
    rollBack(rbd, owned);
  }

  /** Also of a process that is no more: then an old one that is gone shows that it committed. */
  static void rollBack(Rbd rbd, LibvirtOwned owned) {
    for (LibvirtOwned.Snapshots one : owned.snapshots()) {
      boolean committed =
          !one.old().isEmpty()
              && rbd.snapshots(one.image()).stream().noneMatch(it -> it.name().equals(one.old()));
      if (!committed) {
        rbd.remove(one.image(), one.added());
      }
      owned.removeSnapshot(one);
    }
  }

  /** Every snapshot that is ours. */
  static void forget(Rbd rbd, DomainXml xml, String owner) {
    for (DomainXml.Disk disk : xml.disks()) {
      image(disk)
          .ifPresent(
              name ->
                  rbd.snapshots(name).stream()
                      .map(Rbd.Snapshot::name)
                      .filter(one -> CheckpointNames.isOurs(one, owner))
                      .forEach(one -> rbd.remove(name, one)));
    }
  }
}
