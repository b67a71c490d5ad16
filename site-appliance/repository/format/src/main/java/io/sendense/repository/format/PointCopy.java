package io.sendense.repository.format;

import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Brings one point of a repository into another of the same tenant. The trees of the two are walked
 * top-down and side by side; subtrees that the target's nearest point has at the same place are
 * skipped whole, chunks that the target holds anywhere are named without being read, and only the
 * others are moved. What a copy that was cut off had stored is used again. The point appears at the
 * target under its old id, last, and only if its root hashes are the old ones. Used once, by one
 * thread, with workers of its own.
 */
public final class PointCopy {
  /** Annotation of a copied point: id of the repository that it was copied from. */
  public static final String ORIGIN = "copiedFrom";

  private final SealedRepository from;
  private final PointObject source;
  private final SealedRepository to;
  private final Optional<PointObject> base;
  private final LongAdder chunksMissing = new LongAdder();
  private final LongAdder bytesMissing = new LongAdder();

  PointCopy(SealedRepository from, PointObject source, SealedRepository to) {
    this.from = from;
    this.source = source;
    this.to = to;
    base = nearest();
  }

  /**
   * How fast a copy may go, and whether it may go on.
   *
   * <p>Called by many threads before each chunk that is moved.
   */
  @FunctionalInterface
  public interface Pace {
    /** Waits for its turn to move so many bytes; what it throws ends the copy. */
    void before(long bytes);
  }

  /**
   * What a copy did.
   *
   * @param alreadyThere the target had the point; nothing was moved
   * @param chunksMissing chunks that the target did not hold, all of which were moved
   * @param bytesMissing their length as the source keeps them, compressed and sealed
   * @param bytesStored length of all objects written at the target, its point's own left out
   */
  public record Result(
      RestorePoint point,
      boolean alreadyThere,
      long chunksMissing,
      long bytesMissing,
      long bytesStored) {}

  /** The point as the source has it. */
  public RestorePoint original() {
    return source.point();
  }

  /**
   * Whether the target has the point.
   *
   * @throws SendenseException STORE_DAMAGED where it has one that cannot be read
   */
  public Optional<RestorePoint> there() {
    return find(source.point().id()).map(PointObject::point);
  }

  /** Bytes of the disks that differ from the nearest point at the target; reads tree nodes only. */
  public long bytesToCompare() {
    LongAdder bytes = new LongAdder();
    for (int i = 0; i < source.point().disks().size(); i++) {
      PointDisk disk = source.point().disks().get(i);
      TreeDiff.visit(
          sourceTree(i), to.tree(base, disk), (index, chunk) -> bytes.add(disk.chunkBytes()));
    }
    return bytes.sum();
  }

  /**
   * Copies the point and proves it at the target.
   *
   * @param annotations of the copied point; its origin is added
   * @param threads chunks moved at once; each holds one chunk
   * @param progress hears of bytes compared, out of {@code total}
   * @throws SendenseException of either store; STORE_DAMAGED where the source cannot be read or the
   *     target does not give back what was put; DEADLINE_EXCEEDED as for any writer. No point was
   *     made then, and what was stored is used by the next attempt
   */
  public Result run(
      Map<String, String> annotations,
      int threads,
      long total,
      Pace pace,
      VerifyReport.Progress progress) {
    refuseDeleted();
    Optional<RestorePoint> there = there();
    if (there.isPresent()) {
      PointStamp.copyOf(source.point())
          .point(there.get().disks(), there.get().createdAt(), Map.of(), there.get().statistics());
      return new Result(there.get(), true, 0, 0, 0);
    }
    try (SealedPointWriter writer = to.beginCopy(source.point(), base)) {
      Moving moving = new Moving(writer, pace, progress, total);
      try (ChunkCrew crew = new ChunkCrew("copy", threads)) {
        for (int i = 0; i < source.point().disks().size(); i++) {
          PointDisk disk = source.point().disks().get(i);
          int position = i;
          TreeDiff.visit(
              sourceTree(i),
              to.tree(base, disk),
              (index, chunk) -> crew.run(() -> moving.move(position, disk, index, chunk)));
        }
        crew.finish();
      }
      zeroTheRest(writer);
      RestorePoint point = writer.seal(withOrigin(annotations));
      return new Result(
          point, false, chunksMissing.sum(), bytesMissing.sum(), point.statistics().bytesStored());
    }
  }

  /**
   * As the point names it: what is recorded as damaged at the source may still be readable there,
   * and where it is not, reading it says so.
   */
  private TreeReader sourceTree(int disk) {
    return new TreeReader(
        from.blobs(), source.point().disks().get(disk).chunks(), source.tops().get(disk));
  }

  private void refuseDeleted() {
    PointId id = source.point().id();
    if (to.isDeleted(id)) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "point " + id + " was deleted in the target and waits there to be collected",
          "Copy it again when the target has collected it.");
    }
  }

  /** What the base lost and the walk did not come upon is zeros in both trees. */
  private void zeroTheRest(SealedPointWriter writer) {
    for (int i = 0; i < source.point().disks().size(); i++) {
      int chunkBytes = source.point().disks().get(i).chunkBytes();
      for (BlockRange range : writer.lost(i)) {
        writer.zeros(
            i, range.offset() / chunkBytes, Math.ceilDiv(range.length(), (long) chunkBytes));
      }
    }
  }

  private final class Moving {
    private final SealedPointWriter writer;
    private final Pace pace;
    private final VerifyReport.Progress progress;
    private final long total;
    private long done;

    Moving(SealedPointWriter writer, Pace pace, VerifyReport.Progress progress, long total) {
      this.writer = writer;
      this.pace = pace;
      this.progress = progress;
      this.total = total;
    }

    void move(int position, PointDisk disk, long index, @Nullable Ref chunk) {
      if (chunk == null) {
        writer.zero(position, index);
      } else if (!writer.reuse(position, index, chunk)) {
        pace.before(chunk.at().sealedBytes());
        carry(position, disk, index, chunk);
      }
      synchronized (this) {
        done += disk.chunkBytes();
        progress.at(Math.min(done, total), total);
      }
    }

    /**
     * Seals the chunk again with the target's key and leaves it packed: the source's seal binds the
     * bytes to the chunk's id, and the id stays. Where it is not as it should be, it is looked for
     * elsewhere and proved by its content.
     */
    private void carry(int position, PointDisk disk, long index, Ref chunk) {
      BlobCodec codec = from.blobs().codecs().borrow();
      try {
        byte[] buffer = codec.chunkBuffer(Math.max(disk.chunkBytes(), chunk.at().sealedBytes()));
        if (chunk.at().rawBytes() == disk.chunkBytes()
            && from.blobs().packedChunk(codec, chunk, buffer)) {
          writer.carry(position, index, chunk, buffer);
        } else {
          from.blobs().chunk(codec, chunk, buffer, 0);
          int length =
              (int) Math.min(disk.chunkBytes(), disk.sizeBytes() - index * disk.chunkBytes());
          writer.write(position, index, buffer, length);
        }
      } finally {
        from.blobs().codecs().giveBack(codec);
      }
      chunksMissing.increment();
      bytesMissing.add(chunk.at().sealedBytes());
    }
  }

  /** The nearest ancestor that the target has, or its newest point of the machine. */
  private Optional<PointObject> nearest() {
    Optional<PointId> ancestor = source.point().parent();
    while (ancestor.isPresent()) {
      Optional<PointObject> there = readable(ancestor.get());
      if (there.isPresent()) {
        return there;
      }
      ancestor = parentOf(ancestor.get());
    }
    return to.latest(source.point().vm()).flatMap(point -> readable(point.id()));
  }

  private Optional<PointId> parentOf(PointId id) {
    try {
      return from.load(id).point().parent();
    } catch (SendenseException e) {
      if (Damage.isContent(e) || e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A point of the target that can serve as base; one that is gone or damaged cannot. */
  private Optional<PointObject> readable(PointId id) {
    try {
      return to.isDeleted(id) ? Optional.empty() : find(id);
    } catch (SendenseException e) {
      if (Damage.isContent(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<PointObject> find(PointId id) {
    try {
      return Optional.of(to.load(id));
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Map<String, String> withOrigin(Map<String, String> annotations) {
    Map<String, String> all = new HashMap<>(annotations);
    if (all.containsKey(ORIGIN) || all.size() < PointObject.ANNOTATIONS_MAX) {
      all.put(ORIGIN, from.id().toString());
    }
    return all;
  }
}
