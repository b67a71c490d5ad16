package io.sendense.repository.chain;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.PointCatalogue;
import io.sendense.repository.format.PointDraft;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.PointWriter;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Restore points as plain qcow2 chains in a directory: one linear chain per machine and disk. One
 * process at a time changes a machine's chain; reading is free. Layout, order of writing and what a
 * crash leaves: docs/formats/qcow2-chain.md.
 */
public final class ChainRepository implements PointStore {
  static final int CHUNK_BYTES = 1 << 20;

  private final Path root;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Steps steps;

  ChainRepository(Path root, InstantSource clock, SecureRandom random, Steps steps) {
    this.root = root;
    this.clock = clock;
    this.random = random;
    this.steps = steps;
  }

  /** Whether the directory holds this kind of repository, of any version. */
  public static boolean isThere(Path directory) {
    return ChainDoor.isThere(directory);
  }

  /**
   * Makes a repository in a directory that is empty or not there.
   *
   * @throws SendenseException ALREADY_EXISTS where the directory holds anything
   */
  public static ChainRepository init(Path directory, InstantSource clock, SecureRandom random) {
    return new ChainRepository(ChainDoor.init(directory), clock, random, Steps.NONE);
  }

  /**
   * @throws SendenseException NOT_FOUND, STORE_UNKNOWN_VERSION
   */
  public static ChainRepository open(Path directory, InstantSource clock, SecureRandom random) {
    return new ChainRepository(ChainDoor.open(directory), clock, random, Steps.NONE);
  }

  InstantSource clock() {
    return clock;
  }

  SecureRandom random() {
    return random;
  }

  private ChainFolder folder(String vm) {
    return new ChainFolder(root.resolve(ChainFolder.safe(vm)), steps);
  }

  private List<ChainFolder> folders() {
    List<ChainFolder> found = new ArrayList<>();
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path path : inside) {
        if (!path.endsWith("lost+found")) {
          found.add(new ChainFolder(path, steps));
        }
      }
    } catch (IOException e) {
      throw Failure.of(root, e);
    }
    return found;
  }

  @Override
  public PointCatalogue catalogue() {
    List<RestorePoint> points = new ArrayList<>();
    List<VerifyReport.Finding> damaged = new ArrayList<>();
    for (ChainFolder folder : folders()) {
      for (Path file : folder.list(PointFile.ENDING)) {
        try {
          points.add(PointFile.read(file).point());
        } catch (SendenseException e) {
          damaged.add(
              new VerifyReport.Finding(
                  VerifyReport.Kind.DAMAGED,
                  file.toString(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  String.valueOf(e.getMessage())));
        }
      }
    }
    points.sort(
        Comparator.comparing(RestorePoint::vm)
            .thenComparingLong(RestorePoint::sequence)
            .thenComparing(RestorePoint::id));
    return new PointCatalogue(points, damaged);
  }

  @Override
  public RestorePoint point(PointId id) {
    return find(id).file().point();
  }

  private record Found(ChainFolder folder, PointFile file) {}

  private Found find(PointId id) {
    for (ChainFolder folder : folders()) {
      Path side = folder.sideFile(id.toString());
      if (Files.exists(side)) {
        return new Found(folder, PointFile.read(side));
      }
    }
    throw new SendenseException(
        ErrorCode.NOT_FOUND,
        "there is no restore point " + id + " in " + root,
        "List what is there with: points --repository " + root);
  }

  @Override
  public Optional<RestorePoint> latest(String vm) {
    return points().stream().filter(point -> point.vm().equals(vm)).reduce((_, newer) -> newer);
  }

  /**
   * {@inheritDoc}
   *
   * @throws SendenseException CONFLICT where another job is changing this machine's chain, or where
   *     the parent is not its newest point, because a chain has no branches
   */
  @Override
  public PointWriter beginPoint(PointDraft draft) {
    ChainFolder folder = folder(draft.vm());
    FileChannel lock = folder.lock();
    try {
      Sweep.run(folder, random);
      List<PointFile> points = folder.points();
      Optional<PointFile> newest =
          points.isEmpty() ? Optional.empty() : Optional.of(points.getLast());
      Optional<PointFile> parent = draft.parent().map(id -> find(id).file());
      if (parent.isPresent() && !parent.map(PointFile::id).equals(newest.map(PointFile::id))) {
        throw new SendenseException(
            ErrorCode.CONFLICT,
            "point " + parent.get().id() + " is not the newest of machine " + draft.vm(),
            "Run the backup again; a chain has no branches.");
      }
      long sequence = newest.map(PointFile::sequence).orElse(0L) + 1;
      return ChainPointWriter.begin(this, folder, lock, nextId(), draft, parent, sequence);
    } catch (RuntimeException e) {
      release(lock, e);
      throw e;
    }
  }

  private static void release(FileChannel lock, RuntimeException failure) {
    try {
      lock.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** UUID of version 7 (RFC 9562), so that files of one machine sort by age. */
  private PointId nextId() {
    long millis = clock.millis() & 0xffff_ffff_ffffL;
    long high = (millis << 16) | 0x7000 | random.nextInt(1 << 12);
    return new PointId(new UUID(high, (random.nextLong() >>> 2) | (1L << 63)));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Reads every file that the point stands on once, to compare it with its checksum: qcow2 has
   * none of its own, and what is damaged must not be restored as good.
   */
  @Override
  public PointReader read(PointId id) {
    Found found = find(id);
    VerifyReport report =
        new ChainVerify(new VerifyOptions(true, Set.of(id)), VerifyReport.Progress.NONE)
            .run(List.of(found.folder()), List.of());
    if (!report.whole()) {
      VerifyReport.Finding first = report.findings().getFirst();
      throw new SendenseException(
          first.kind() == VerifyReport.Kind.MISSING
              ? ErrorCode.STORE_OBJECT_MISSING
              : ErrorCode.STORE_DAMAGED,
          "restore point " + id + " cannot be read: file " + first.object() + ": " + first.detail(),
          "Run `repository verify` to see which restore points are affected.");
    }
    return ChainPointReader.open(found.folder(), found.file());
  }

  @Override
  public VerifyReport verify(VerifyOptions options, VerifyReport.Progress progress) {
    return new ChainVerify(options, progress).run(folders(), catalogue().damaged());
  }

  /**
   * Deletes a point; the one after it, if there is one, takes over what it needs of it. Needs space
   * for the merged file.
   *
   * @throws SendenseException NOT_FOUND, CONFLICT, STORE_DAMAGED where what would be merged is
   *     damaged, NO_SPACE; all points are then as they were
   */
  public void delete(PointId id) {
    new ChainDeletion(find(id).folder(), random).delete(Set.of(id));
  }

  /**
   * Deletes points of a machine; those that are not there any more are passed over. Neighbours are
   * merged into the point after them once.
   *
   * @return the points deleted, oldest first
   * @throws SendenseException CONFLICT, STORE_DAMAGED, NO_SPACE; the points that were deleted until
   *     then are gone, all others are as they were
   */
  public List<PointId> delete(String vm, Set<PointId> ids) {
    return ids.isEmpty() ? List.of() : new ChainDeletion(folder(vm), random).delete(ids);
  }

  /**
   * Deletes a machine's oldest points until so many are left, merging each chain once.
   *
   * @param keep at least 1
   * @return the points deleted, oldest first
   * @throws SendenseException as {@link #delete}
   */
  public List<PointId> keepNewest(String vm, int keep) {
    return new ChainDeletion(folder(vm), random).keepNewest(keep);
  }

  @Override
  public int chunkBytes() {
    return CHUNK_BYTES;
  }

  /** Nothing is held open between calls. */
  @Override
  public void close() {}
}
