package io.sendense.recovery.prove;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.FileSystems;
import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.disk.Volumes;
import io.sendense.recovery.fs.Attributes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.machine.Console;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Reads the file systems of a point's disks from outside: superblocks, journals, every directory,
 * every file's attributes and the map of its content. What our readers cannot read is named and no
 * fault. It does not compare free maps, and does not read the files' bytes: these are proved by the
 * point's own hashes.
 */
final class FilesCheck {
  private static final int MOST_DAMAGE = 20;
  private static final int MOST_QUEUED = 1_000_000;

  private final BooleanSupplier late;

  /**
   * @param late asked between files; true ends the reading
   */
  FilesCheck(BooleanSupplier late) {
    this.late = late;
  }

  List<DiskFiles> read(List<GuestDisk> disks) {
    Volumes.Found found = Volumes.find(disks);
    List<DiskFiles> all = new ArrayList<>();
    for (GuestDisk disk : disks) {
      all.add(
          new DiskFiles(
              disk.name(),
              found.volumes().stream()
                  .filter(volume -> lies(volume, disk))
                  .map(this::read)
                  .toList()));
    }
    List<DiskFiles.VolumeFiles> logical =
        found.volumes().stream()
            .filter(volume -> volume.name().contains("/"))
            .map(this::read)
            .toList();
    if (!logical.isEmpty()) {
      all.add(new DiskFiles("logical volumes", logical));
    }
    return all;
  }

  private static boolean lies(GuestVolume volume, GuestDisk disk) {
    return volume.name().equals(disk.name()) || volume.name().startsWith(disk.name() + "p");
  }

  private DiskFiles.VolumeFiles read(GuestVolume volume) {
    String holds = FileSystems.describe(volume.source()).orElse("nothing known");
    List<String> damage = new ArrayList<>();
    if (!FileSystems.readable(volume.source())) {
      return new DiskFiles.VolumeFiles(volume.name(), holds, false, 0, damage, true);
    }
    Walk walk = new Walk(damage);
    boolean complete = true;
    try {
      GuestFileSystem system = FileSystems.open(volume.source());
      holds = system.type();
      complete = walk.all(system.root());
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.GUEST_UNSUPPORTED) {
        return new DiskFiles.VolumeFiles(
            volume.name(), Console.plain(holds + ": " + e.getMessage()), false, 0, damage, true);
      }
      walk.damaged("/", e);
    }
    return new DiskFiles.VolumeFiles(
        volume.name(), holds, true, walk.entries, damage, complete && damage.size() < MOST_DAMAGE);
  }

  private final class Walk {
    private final List<String> damage;
    private final Deque<Place> queue = new ArrayDeque<>();
    private final Set<Long> seen = new HashSet<>();
    private long entries;

    private record Place(String path, GuestFile directory) {}

    Walk(List<String> damage) {
      this.damage = damage;
    }

    /** Whether all of it was read. */
    boolean all(GuestFile root) {
      queue.add(new Place("", root));
      seen.add(root.attributes().id());
      boolean complete = true;
      while (!queue.isEmpty()) {
        if (late.getAsBoolean() || damage.size() >= MOST_DAMAGE) {
          return false;
        }
        Place place = queue.removeLast();
        try {
          boolean[] whole = {true};
          place.directory.entries(
              entry -> {
                String path = place.path + "/" + entry.name();
                try {
                  whole[0] &= one(path, entry.open());
                } catch (SendenseException e) {
                  damaged(path, e);
                }
                return !late.getAsBoolean() && damage.size() < MOST_DAMAGE;
              });
          complete &= whole[0];
        } catch (SendenseException e) {
          damaged(place.path + "/", e);
        }
      }
      return complete && !late.getAsBoolean();
    }

    private boolean one(String path, GuestFile file) {
      entries++;
      Attributes attributes = file.attributes();
      if (attributes.posix() && attributes.links() < 1) {
        damage.add(Console.plain(path + ": it names a file that is not in use"));
        return true;
      }
      switch (attributes.kind()) {
        case DIRECTORY -> {
          if (queue.size() >= MOST_QUEUED) {
            return false;
          }
          if (seen.add(attributes.id())) {
            queue.add(new Place(path, file));
          } else {
            damage.add(Console.plain(path + ": the directory is found at two places"));
          }
        }
        case FILE -> map(file.content());
        case SYMLINK -> file.target();
        default -> file.xattrs();
      }
      return true;
    }

    private void map(Content content) {
      for (long at = 0; at < content.sizeBytes(); ) {
        at = content.run(at).end();
      }
    }

    private void damaged(String path, SendenseException e) {
      if (e.code() == ErrorCode.GUEST_UNSUPPORTED) {
        return;
      }
      if (e.code() != ErrorCode.GUEST_DAMAGED) {
        throw e;
      }
      damage.add(Console.plain(path + ": " + e.getMessage()));
    }
  }

  /** Of all disks together. */
  static Finding finding(List<DiskFiles> disks) {
    List<DiskFiles.VolumeFiles> volumes =
        disks.stream().flatMap(disk -> disk.volumes().stream()).toList();
    List<String> damage =
        volumes.stream()
            .flatMap(volume -> volume.damage().stream().map(what -> volume.volume() + ": " + what))
            .toList();
    if (!damage.isEmpty()) {
      return new Finding(
          Verdict.TEST_FAILED, damage.size() + " faults, first " + damage.getFirst());
    }
    List<DiskFiles.VolumeFiles> read =
        volumes.stream().filter(DiskFiles.VolumeFiles::read).toList();
    if (read.isEmpty()) {
      return new Finding(Verdict.NOT_FOUND, "no volume holds a file system that can be read here");
    }
    if (read.stream().anyMatch(volume -> !volume.complete())) {
      return new Finding(Verdict.TIMED_OUT, "not all was read within the time");
    }
    long entries = read.stream().mapToLong(DiskFiles.VolumeFiles::entries).sum();
    List<String> passedOver =
        volumes.stream()
            .filter(volume -> !volume.read())
            .map(volume -> volume.volume() + " (" + volume.holds() + ")")
            .toList();
    return Finding.passed(
        read.size()
            + " file systems with "
            + entries
            + " entries"
            + (passedOver.isEmpty() ? "" : "; not read: " + String.join(", ", passedOver)));
  }
}
