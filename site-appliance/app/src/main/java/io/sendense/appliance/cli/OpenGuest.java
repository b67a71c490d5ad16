package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.FileSystems;
import io.sendense.recovery.block.CachedSource;
import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.disk.Volumes;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.RestorePoint;
import java.util.ArrayList;
import java.util.List;

/**
 * The volumes of a point's disks. Logical volumes may lie on several disks, so all are looked at
 * even where one is asked for; what is looked at are tables and labels only.
 */
final class OpenGuest implements AutoCloseable {
  private static final int CACHE_BYTES = 8 << 20;

  private final OpenPoints open;
  private final PointReader reader;
  private final List<GuestDisk> disks;
  private final Volumes.Found found;
  private final List<GuestVolume> offered;

  private OpenGuest(
      OpenPoints open,
      PointReader reader,
      List<GuestDisk> disks,
      Volumes.Found found,
      List<GuestVolume> offered) {
    this.open = open;
    this.reader = reader;
    this.disks = List.copyOf(disks);
    this.found = found;
    this.offered = offered;
  }

  /**
   * @throws SendenseException as the repository's opening, and NOT_FOUND
   */
  static OpenGuest open(Surroundings surroundings, CommonOptions common, GuestOption option) {
    OpenPoints open = OpenPoints.open(surroundings, common, option.repository);
    try {
      RestorePoint point = option.point.find(open.repository());
      PointReader reader = open.repository().read(point.id());
      try {
        List<GuestDisk> disks = new ArrayList<>();
        for (int i = 0; i < point.disks().size(); i++) {
          disks.add(
              new GuestDisk(
                  "disk" + i, new CachedSource(new StoredDiskBlocks(reader.disk(i)), CACHE_BYTES)));
        }
        Volumes.Found found = Volumes.find(disks);
        String disk = option.disk;
        String prefix = disk == null ? "" : "disk" + Disks.index(point, disk);
        // "disk1" is not meant by "disk10"; a logical volume has no disk of its own.
        List<GuestVolume> offered =
            found.volumes().stream()
                .filter(
                    volume ->
                        prefix.isEmpty()
                            || volume.name().contains("/")
                            || volume.name().equals(prefix)
                            || volume.name().startsWith(prefix + "p"))
                .toList();
        return new OpenGuest(open, reader, disks, found, offered);
      } catch (RuntimeException e) {
        reader.close();
        throw e;
      }
    } catch (RuntimeException e) {
      open.close();
      throw e;
    }
  }

  /** All of the point's, in its order. */
  List<GuestDisk> disks() {
    return disks;
  }

  List<GuestVolume> volumes() {
    return offered;
  }

  List<String> notes() {
    return found.notes();
  }

  RestorePoint point() {
    return reader.point();
  }

  /** The volume of this name, or the one that holds a file system where none is named. */
  GuestVolume volume(GuestOption option) {
    String name = option.volume;
    if (name != null) {
      return offered.stream()
          .filter(volume -> volume.name().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new SendenseException(
                      ErrorCode.NOT_FOUND,
                      "there is no volume " + name,
                      "It has: " + names(offered)));
    }
    List<GuestVolume> readable =
        offered.stream().filter(volume -> FileSystems.readable(volume.source())).toList();
    if (readable.size() == 1) {
      return readable.getFirst();
    }
    if (readable.isEmpty()) {
      throw new SendenseException(
          ErrorCode.GUEST_UNSUPPORTED,
          "no volume of the point holds a file system that can be read: " + described(),
          "Restore the whole disk.");
    }
    throw new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        readable.size() + " volumes hold a file system: " + names(readable),
        "Name one with --volume.");
  }

  static GuestFileSystem fileSystem(GuestVolume volume) {
    return FileSystems.open(volume.source());
  }

  @Override
  public void close() {
    try (open) {
      reader.close();
    }
  }

  private String described() {
    List<String> all = new ArrayList<>(found.notes());
    for (GuestVolume volume : offered) {
      all.add(
          volume.name()
              + " holds "
              + FileSystems.describe(volume.source()).orElse("nothing known"));
    }
    return String.join("; ", all);
  }

  private static String names(List<GuestVolume> volumes) {
    return String.join(", ", volumes.stream().map(GuestVolume::name).toList());
  }
}
