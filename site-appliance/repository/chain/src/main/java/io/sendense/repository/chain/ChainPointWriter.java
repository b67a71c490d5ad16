package io.sendense.repository.chain;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.chain.PointFile.DiskFile;
import io.sendense.repository.format.PointDraft;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointStatistics;
import io.sendense.repository.format.PointWriter;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.WriteOutcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes one point: files, then their side file. Holds the folder's lock from begin to close. */
final class ChainPointWriter implements PointWriter {
  private final ChainRepository repository;
  private final ChainFolder folder;
  private final FileChannel lock;
  private final PointId id;
  private final PointDraft draft;
  private final Optional<PointFile> parent;
  private final long sequence;
  private final List<DiskFileWriter> disks = new ArrayList<>();
  private final Map<WriteOutcome, Long> outcomes = new EnumMap<>(WriteOutcome.class);
  private long bytesGiven;
  private boolean spent;

  private ChainPointWriter(
      ChainRepository repository,
      ChainFolder folder,
      FileChannel lock,
      PointId id,
      PointDraft draft,
      Optional<PointFile> parent,
      long sequence) {
    this.repository = repository;
    this.folder = folder;
    this.lock = lock;
    this.id = id;
    this.draft = draft;
    this.parent = parent;
    this.sequence = sequence;
  }

  /** Takes the lock over: it is released with the writer, or here where this fails. */
  static ChainPointWriter begin(
      ChainRepository repository,
      ChainFolder folder,
      FileChannel lock,
      PointId id,
      PointDraft draft,
      Optional<PointFile> parent,
      long sequence) {
    ChainPointWriter writer =
        new ChainPointWriter(repository, folder, lock, id, draft, parent, sequence);
    try {
      draft.disks().forEach(writer::addDisk);
      return writer;
    } catch (RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  private void addDisk(PointDraft.Disk disk) {
    Optional<Layers> below = before(disk).map(file -> Layers.open(folder.path(file.file())));
    String name = ChainFolder.imageName(id.toString(), disk.name());
    Path temporary = folder.temporary(name, repository.random());
    disks.add(new DiskFileWriter(temporary, disk.sizeBytes(), below));
  }

  /** What the disk's new file stands on; nothing where the parent is not to be relied on. */
  private Optional<DiskFile> before(PointDraft.Disk disk) {
    return draft.reuses() ? parent.flatMap(point -> point.disk(disk.name())) : Optional.empty();
  }

  @Override
  public PointId id() {
    return id;
  }

  @Override
  public int chunkBytes(int disk) {
    return ChainRepository.CHUNK_BYTES;
  }

  @Override
  public WriteOutcome write(int disk, long chunkIndex, byte[] data, int length) {
    WriteOutcome outcome = disks.get(disk).write(chunkIndex, data, length);
    count(outcome, length);
    return outcome;
  }

  @Override
  public boolean matchesParent(int disk, long chunkIndex, byte[] data, int length) {
    return disks.get(disk).matchesParent(chunkIndex, data, length);
  }

  @Override
  public WriteOutcome zero(int disk, long chunkIndex) {
    WriteOutcome outcome = disks.get(disk).zero(chunkIndex);
    count(outcome, 0);
    return outcome;
  }

  private synchronized void count(WriteOutcome outcome, int bytes) {
    outcomes.merge(outcome, 1L, Long::sum);
    bytesGiven += bytes;
  }

  @Override
  public PointStatistics statistics() {
    return statistics(0);
  }

  private synchronized PointStatistics statistics(long bytesStored) {
    return new PointStatistics(
        outcomes.getOrDefault(WriteOutcome.ZERO, 0L),
        outcomes.getOrDefault(WriteOutcome.UNCHANGED, 0L),
        0,
        outcomes.getOrDefault(WriteOutcome.STORED, 0L),
        bytesGiven,
        bytesStored,
        disks.size());
  }

  @Override
  public RestorePoint seal(Map<String, String> annotations, Runnable beforePublishing) {
    if (spent) {
      throw new SendenseException(ErrorCode.INTERNAL, "the writer is spent", "");
    }
    spent = true;
    List<DiskFile> files = new ArrayList<>();
    long stored = 0;
    for (int i = 0; i < disks.size(); i++) {
      disks.get(i).complete();
      DiskFile file = describe(draft.disks().get(i), disks.get(i).temporary());
      stored += file.lengthBytes();
      files.add(file);
    }
    PointFile point =
        new PointFile(
            PointFile.FORMAT,
            PointFile.VERSION,
            id.toString(),
            draft.vm(),
            sequence,
            draft.takenAt().toString(),
            repository.clock().instant().toString(),
            parent.map(PointFile::id).orElse(""),
            draft.consistency().name(),
            annotations,
            files,
            statistics(stored),
            "");
    beforePublishing.run();
    for (int i = 0; i < disks.size(); i++) {
      folder.publish(disks.get(i).temporary(), files.get(i).file());
    }
    Path side = folder.writeSideFile(point, repository.random());
    folder.publish(side, id + PointFile.ENDING);
    close();
    return point.point();
  }

  private DiskFile describe(PointDraft.Disk disk, Path file) {
    try {
      String sha256 = Sha256.of(file);
      Optional<DiskFile> before = before(disk);
      String root = before.map(DiskFile::root).orElse("") + "\n" + disk.sizeBytes() + "\n" + sha256;
      return new DiskFile(
          disk.name(),
          disk.sizeBytes(),
          ChainFolder.imageName(id.toString(), disk.name()),
          before.map(DiskFile::file).orElse(""),
          Sha256.of(root.getBytes(StandardCharsets.UTF_8)),
          Files.size(file),
          sha256,
          null);
    } catch (IOException e) {
      throw Failure.of(file, e);
    }
  }

  @Override
  public void abandon() {
    close();
  }

  /** What was published without its side file is cleared away by the next writer. */
  @Override
  public void close() {
    spent = true;
    try (lock) {
      disks.forEach(DiskFileWriter::close);
    } catch (IOException e) {
      throw Failure.of(folder.path(""), e);
    }
  }
}
