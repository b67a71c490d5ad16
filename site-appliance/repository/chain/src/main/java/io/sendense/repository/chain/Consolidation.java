package io.sendense.repository.chain;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.chain.PointFile.DiskFile;
import io.sendense.repository.chain.PointFile.Replacement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Deletes neighbouring points and gives what the next point needs of them to that point's files.
 * The order of its steps is the crash table of docs/formats/qcow2-chain.md. Only under the folder's
 * lock.
 */
final class Consolidation {
  private final ChainFolder folder;
  private final RandomGenerator random;
  private final Map<String, DiskFile> known = new HashMap<>();

  Consolidation(ChainFolder folder, List<PointFile> points, RandomGenerator random) {
    this.folder = folder;
    this.random = random;
    points.forEach(point -> point.disks().forEach(disk -> known.put(disk.file(), disk)));
  }

  /**
   * @param doomed neighbours, oldest first
   * @param child the point after them
   */
  void delete(List<PointFile> doomed, Optional<PointFile> child) {
    child.ifPresent(point -> merge(point, doomed));
    // The newest first, so that no point is left without what it stands on.
    for (PointFile point : doomed.reversed()) {
      folder.delete(folder.sideFile(point.id()));
      point.disks().forEach(disk -> folder.delete(folder.path(disk.file())));
    }
  }

  private void merge(PointFile child, List<PointFile> doomed) {
    Set<String> going = new HashSet<>();
    doomed.forEach(point -> point.disks().forEach(disk -> going.add(disk.file())));
    List<DiskFile> merging = new ArrayList<>();
    Map<String, Path> made = new HashMap<>();
    for (DiskFile disk : child.disks()) {
      if (going.contains(disk.backing())) {
        Path temporary = folder.temporary(disk.file(), random);
        merging.add(disk.merging(mergeOne(disk, going, temporary)));
        made.put(disk.file(), temporary);
      } else {
        merging.add(disk);
      }
    }
    if (made.isEmpty()) {
      return;
    }
    replaceSide(child.withDisks(merging));
    made.forEach((name, temporary) -> folder.replace(temporary, name));
    replaceSide(child.withDisks(merging.stream().map(DiskFile::merged).toList()));
  }

  private Replacement mergeOne(DiskFile disk, Set<String> going, Path temporary) {
    try (Layers layers = Layers.open(folder.path(disk.file()))) {
      List<String> names =
          layers.files().stream().map(file -> file.getFileName().toString()).toList();
      int count = 1;
      while (count < names.size() && going.contains(names.get(count))) {
        count++;
      }
      // What is damaged must not get a new checksum under which it looks whole.
      names.subList(0, count).forEach(this::checkSum);
      String backing = count < names.size() ? names.get(count) : "";
      Merge.write(
          layers, count, backing.isEmpty() ? Optional.empty() : Optional.of(backing), temporary);
      return new Replacement(backing, Files.size(temporary), Sha256.of(temporary));
    } catch (IOException e) {
      throw Failure.of(temporary, e);
    }
  }

  private void checkSum(String name) {
    DiskFile disk = known.get(name);
    Path file = folder.path(name);
    try {
      if (disk == null) {
        throw new SendenseException(
            ErrorCode.STORE_DAMAGED,
            "the side file that describes " + file + " is missing or damaged",
            "Run `repository verify`; nothing was changed.");
      }
      if (!Sha256.of(file).equals(disk.sha256())) {
        throw Failure.damaged(file, "its checksum is wrong, so it is not merged");
      }
    } catch (IOException e) {
      throw Failure.of(file, e);
    }
  }

  private void replaceSide(PointFile point) {
    Path side = folder.writeSideFile(point, random);
    folder.replace(side, point.id() + PointFile.ENDING);
  }
}
