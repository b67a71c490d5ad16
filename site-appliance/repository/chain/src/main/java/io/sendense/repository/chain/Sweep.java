package io.sendense.repository.chain;

import io.sendense.images.Qcow2Reader;
import io.sendense.repository.chain.PointFile.DiskFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Clears away what an interrupted writer or merge left. Only under the folder's lock. */
final class Sweep {
  private Sweep() {}

  static void run(ChainFolder folder, RandomGenerator random) {
    folder.partials().forEach(folder::delete);
    for (PointFile point : folder.points()) {
      if (point.disks().stream().anyMatch(disk -> disk.next() != null)) {
        settle(folder, point, random);
      }
    }
    unnamed(folder).forEach(folder::delete);
  }

  /** A merge was cut short: each disk's file is either still the old one or already the new. */
  private static void settle(ChainFolder folder, PointFile point, RandomGenerator random) {
    List<DiskFile> disks = new ArrayList<>();
    for (DiskFile disk : point.disks()) {
      PointFile.Replacement next = disk.next();
      if (next == null) {
        disks.add(disk);
        continue;
      }
      Path file = folder.path(disk.file());
      try {
        boolean moved =
            Files.size(file) == next.lengthBytes() && Sha256.of(file).equals(next.sha256());
        disks.add(moved ? disk.merged() : disk.unmerged());
      } catch (IOException e) {
        throw Failure.of(file, e);
      }
    }
    Path side = folder.writeSideFile(point.withDisks(disks), random);
    folder.replace(side, point.id() + PointFile.ENDING);
  }

  /**
   * Images of no point and under no other image. Where any header cannot be read nobody knows what
   * it stands on, so then there are none.
   */
  private static List<Path> unnamed(ChainFolder folder) {
    Set<String> needed = new HashSet<>();
    List<Path> images = folder.list(ChainFolder.IMAGE);
    for (Path image : images) {
      try (Qcow2Reader reader = Qcow2Reader.open(image)) {
        reader.backing().ifPresent(needed::add);
      } catch (IOException e) {
        return List.of();
      }
    }
    return images.stream()
        .filter(image -> !needed.contains(image.getFileName().toString()))
        .filter(image -> !folder.isThere(folder.sideFile(pointOf(image))))
        .toList();
  }

  private static String pointOf(Path image) {
    String name = image.getFileName().toString();
    return name.substring(0, name.indexOf('.'));
  }
}
