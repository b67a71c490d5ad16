package io.sendense.repository.chain;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.PointId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets points of one machine's chain go under the machine's lock. Neighbours go together, so that
 * the point after them is merged once and not once for each.
 */
final class ChainDeletion {
  private final ChainFolder folder;
  private final SecureRandom random;

  ChainDeletion(ChainFolder folder, SecureRandom random) {
    this.folder = folder;
    this.random = random;
  }

  /** Lets those of the points go that are there. */
  List<PointId> delete(Set<PointId> doomed) {
    try (FileChannel _ = folder.lock()) {
      Sweep.run(folder, random);
      return all(doomed);
    } catch (IOException e) {
      throw Failure.of(folder.path(""), e);
    }
  }

  /** Lets the oldest go until so many are left. */
  List<PointId> keepNewest(int keep) {
    if (keep < 1) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, "at least one point has to be kept", "Give 1 or more.");
    }
    try (FileChannel _ = folder.lock()) {
      Sweep.run(folder, random);
      List<PointFile> points = everyPoint();
      Set<PointId> doomed = new HashSet<>();
      points.subList(0, Math.max(0, points.size() - keep)).forEach(p -> doomed.add(id(p)));
      return all(doomed);
    } catch (IOException e) {
      throw Failure.of(folder.path(""), e);
    }
  }

  private List<PointId> all(Set<PointId> doomed) {
    List<PointId> gone = new ArrayList<>();
    // A merge changes what the next one compares with, so the chain is read anew for each.
    for (Optional<List<PointId>> run = next(doomed); run.isPresent(); run = next(doomed)) {
      gone.addAll(run.get());
    }
    return gone;
  }

  /** Lets the oldest neighbours go; empty where none of the doomed is left. */
  private Optional<List<PointId>> next(Set<PointId> doomed) {
    List<PointFile> points = everyPoint();
    int from = 0;
    while (from < points.size() && !doomed.contains(id(points.get(from)))) {
      from++;
    }
    int to = from;
    while (to < points.size() && doomed.contains(id(points.get(to)))) {
      to++;
    }
    if (from == to) {
      return Optional.empty();
    }
    List<PointFile> run = points.subList(from, to);
    Optional<PointFile> child = to < points.size() ? Optional.of(points.get(to)) : Optional.empty();
    new Consolidation(folder, points, random).delete(run, child);
    return Optional.of(run.stream().map(ChainDeletion::id).toList());
  }

  private static PointId id(PointFile point) {
    return PointId.parse(point.id());
  }

  /** What a point that cannot be read stands on is not known, so nothing is deleted beside it. */
  private List<PointFile> everyPoint() {
    for (Path file : folder.list(PointFile.ENDING)) {
      PointFile.read(file);
    }
    return folder.points();
  }
}
