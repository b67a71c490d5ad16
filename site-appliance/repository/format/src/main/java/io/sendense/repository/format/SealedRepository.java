package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The one implementation of {@link Repository}, which says what it promises. */
final class SealedRepository implements Repository {
  private static final Comparator<RestorePoint> ORDER =
      Comparator.comparing(RestorePoint::vm)
          .thenComparing(RestorePoint::sequence)
          .thenComparing(RestorePoint::createdAt)
          .thenComparing(RestorePoint::id);

  private final ObjectStore store;
  private final Environment environment;
  private final FormatObject format;
  private final Keys keys;
  private final KeyHolders holders;
  private final CodecPool codecs;
  private final KnownBlobs known;
  private final BlobSource blobs;

  SealedRepository(
      ObjectStore store,
      Environment environment,
      FormatObject format,
      Keys keys,
      KeyHolders holders) {
    this.store = store;
    this.environment = environment;
    this.format = format;
    this.keys = keys;
    this.holders = holders;
    codecs = new CodecPool(keys);
    known = new KnownBlobs(store, keys, environment.tuning().indexBytes());
    blobs = new BlobSource(store, codecs, known);
  }

  @Override
  public PointCatalogue catalogue() {
    List<RestorePoint> points = new ArrayList<>();
    List<VerifyReport.Finding> damaged = new ArrayList<>();
    for (StoredObject object : store.list(PointObject.FOLDER)) {
      try {
        points.add(load(object.name()).point());
      } catch (SendenseException e) {
        if (StoreFailure.isMissing(e)) {
          // Deleted since it was listed.
          continue;
        }
        if (!Damage.isContent(e)) {
          throw e;
        }
        damaged.add(Findings.damagedObject(object.name(), PointObject.idOf(object.name()), e));
      }
    }
    points.sort(ORDER);
    return new PointCatalogue(points, damaged);
  }

  @Override
  public RestorePoint point(PointId id) {
    return load(id).point();
  }

  @Override
  public Optional<RestorePoint> latest(String vm) {
    return points().stream().filter(point -> point.vm().equals(vm)).max(ORDER);
  }

  @Override
  public PointWriter beginPoint(PointDraft draft) {
    Optional<PointObject> parent = draft.parent().map(this::load);
    List<WrittenDisk> disks =
        draft.disks().stream().map(disk -> disk(disk, parent, draft.reuses())).toList();
    known.refresh();
    holders.checkCurrent();
    WriterSession session = WriterSession.begin(store, keys, environment, format, known.indexIds());
    PointStamp stamp = PointStamp.fresh(draft, parent, environment);
    return new SealedPointWriter(store, blobs, known, environment, stamp, parent, session, disks);
  }

  @Override
  public PointCopy copyFrom(Repository source, PointId id) {
    SealedRepository from = (SealedRepository) source;
    checkSameTenant(from);
    return new PointCopy(from, from.load(id), this);
  }

  /** Begins the copy of a point, inheriting from one that is here. */
  SealedPointWriter beginCopy(RestorePoint original, Optional<PointObject> base) {
    List<WrittenDisk> disks =
        original.disks().stream()
            .map(
                disk ->
                    // Chunks are compared by identity, so the base's end needs no cut.
                    new WrittenDisk(
                        disk.name(), disk.sizeBytes(), disk.chunkBytes(), 0, tree(base, disk)))
            .toList();
    known.refresh();
    WriterSession session = WriterSession.begin(store, keys, environment, format, known.indexIds());
    return new SealedPointWriter(
        store, blobs, known, environment, PointStamp.copyOf(original), base, session, disks);
  }

  /** The tree of a disk in a point, or one of zeros where it has no such disk. */
  TreeReader tree(Optional<PointObject> point, PointDisk disk) {
    return point
        .flatMap(
            p ->
                p.point()
                    .diskNamed(disk.name())
                    .filter(at -> p.point().disks().get(at).chunkBytes() == disk.chunkBytes())
                    .map(
                        at ->
                            new TreeReader(
                                blobs, p.point().disks().get(at).chunks(), p.tops().get(at))))
        .orElseGet(() -> new TreeReader(blobs, disk.chunks(), Optional.empty()));
  }

  BlobSource blobs() {
    return blobs;
  }

  UUID id() {
    return keys.repositoryId();
  }

  private void checkSameTenant(SealedRepository other) {
    if (keys.repositoryId().equals(other.keys.repositoryId())) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          store.describe() + " and " + other.store.describe() + " are the same repository",
          "Name two different repositories.");
    }
    if (!MessageDigest.isEqual(keys.tenant().key(), other.keys.tenant().key())) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          store.describe() + " belongs to another tenant than " + other.store.describe(),
          "Points are copied within one tenant. Make the target with"
              + " `repository init TARGET --tenant-of SOURCE`.");
    }
  }

  @Override
  public PointReader read(PointId id) {
    return new SealedPointReader(load(id), blobs);
  }

  @Override
  public VerifyReport verify(VerifyOptions options, VerifyReport.Progress progress) {
    return new Verifier(store, keys, blobs, options, progress).run();
  }

  @Override
  public int rebuildIndexes() {
    return new IndexRebuild(store, keys, known, environment.random()).run();
  }

  @Override
  public RepositoryKeys keys() {
    return holders;
  }

  @Override
  public TenantIdentity identity() {
    return keys.tenant();
  }

  @Override
  public int chunkBytes() {
    return format.settings().chunkBytes();
  }

  @Override
  public void close() {
    codecs.close();
  }

  private WrittenDisk disk(PointDraft.Disk disk, Optional<PointObject> parent, boolean reuses) {
    Optional<Integer> position = parent.flatMap(p -> p.point().diskNamed(disk.name()));
    if (parent.isEmpty() || position.isEmpty()) {
      TreeReader none =
          new TreeReader(blobs, Math.ceilDiv(disk.sizeBytes(), chunkBytes()), Optional.empty());
      return new WrittenDisk(disk.name(), disk.sizeBytes(), chunkBytes(), 0, none);
    }
    PointDisk old = parent.get().point().disks().get(position.get());
    if (!reuses) {
      long chunks = Math.ceilDiv(disk.sizeBytes(), old.chunkBytes());
      TreeReader none = new TreeReader(blobs, chunks, Optional.empty());
      return new WrittenDisk(disk.name(), disk.sizeBytes(), old.chunkBytes(), 0, none);
    }
    TreeReader tree = new TreeReader(blobs, old.chunks(), parent.get().tops().get(position.get()));
    return new WrittenDisk(disk.name(), disk.sizeBytes(), old.chunkBytes(), old.sizeBytes(), tree);
  }

  PointObject load(PointId id) {
    try {
      return load(PointObject.name(id));
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.STORE_OBJECT_MISSING) {
        throw PointObject.notFound(id, store.describe());
      }
      throw e;
    }
  }

  private PointObject load(ObjectName name) {
    return PointObject.decode(name, StoreReads.whole(store, name, PointObject.BYTES_MAX), keys);
  }
}
