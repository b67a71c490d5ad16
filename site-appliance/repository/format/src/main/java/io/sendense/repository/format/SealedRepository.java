package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

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
  private final PackWorks works;
  private final DamageMarks damage;
  private final KnownBlobs known;
  private final BlobSource blobs;
  private final ChunkCache chunks;
  private final PointMarks marks;
  private final PointShelf shelf;
  private final Inheritance inheritance;

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
    works = new PackWorks(environment.tuning(), codecs);
    damage = new DamageMarks(store, keys, environment.random());
    known = new KnownBlobs(store, keys, environment.tuning().indexBytes(), damage);
    blobs =
        new BlobSource(
            store,
            codecs,
            known,
            new LastResort(store, keys, known, environment.tuning().indexBytes()));
    marks = new PointMarks(store, keys, environment);
    shelf = new PointShelf(store, keys);
    chunks = new ChunkCache(blobs);
    inheritance = new Inheritance(blobs, known, damage, format.settings().chunkBytes());
  }

  @Override
  public PointCatalogue catalogue() {
    return catalogue(false);
  }

  /**
   * As {@link #catalogue()}.
   *
   * @param anew looks at every object again, also at those that were read before
   */
  PointCatalogue catalogue(boolean anew) {
    List<RestorePoint> points = new ArrayList<>();
    List<VerifyReport.Finding> damaged = new ArrayList<>();
    List<PointShelf.Found> all = shelf.all(anew);
    Set<PointId> deleted = marks.deleted();
    for (PointShelf.Found found : all) {
      Optional<PointId> id = PointObject.idOf(found.name());
      if (id.filter(deleted::contains).isEmpty()) {
        found.point().ifPresent(points::add);
        found
            .failure()
            .map(e -> Findings.damagedObject(found.name(), id, e))
            .ifPresent(damaged::add);
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
    return writer(
        PointStamp.fresh(draft, parent, environment),
        parent,
        () ->
            draft.disks().stream()
                .map(disk -> inheritance.disk(disk, parent, draft.reuses()))
                .toList());
  }

  @Override
  public PointCopy copyFrom(Repository source, PointId id) {
    SealedRepository from = (SealedRepository) source;
    checkSameTenant(from);
    // What is recorded as damaged here must be known before anything here is relied on.
    known.refresh();
    return new PointCopy(from, from.load(id), this);
  }

  /** Begins the copy of a point, inheriting from one that is here. */
  SealedPointWriter beginCopy(RestorePoint original, Optional<PointObject> base) {
    return writer(
        PointStamp.copyOf(original),
        base,
        () -> original.disks().stream().map(disk -> inheritance.copied(disk, base)).toList());
  }

  private SealedPointWriter writer(
      PointStamp stamp, Optional<PointObject> parent, Supplier<List<WrittenDisk>> disks) {
    holders.checkCurrent();
    WriterSession session = WriterSession.begin(store, keys, environment, format, known.indexIds());
    try {
      // After the intent: what is seen from here on outlives this writer.
      known.refresh();
      parent.ifPresent(p -> checkUsable(p.point().id()));
      int generation = session.generation();
      return new SealedPointWriter(
          LockedStore.of(store, format, generation),
          blobs,
          known,
          works,
          environment,
          stamp,
          parent,
          session,
          new LockKeeper(store, environment, format, blobs, known, generation),
          marks,
          disks.get());
    } catch (RuntimeException e) {
      session.end();
      throw e;
    }
  }

  TreeReader tree(Optional<PointObject> point, PointDisk disk) {
    return inheritance.tree(point, disk);
  }

  ObjectStore store() {
    return store;
  }

  Environment environment() {
    return environment;
  }

  FormatObject format() {
    return format;
  }

  PackWorks works() {
    return works;
  }

  KnownBlobs known() {
    return known;
  }

  DamageMarks damage() {
    return damage;
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
    return new SealedPointReader(load(id), blobs, chunks);
  }

  @Override
  public void deletePoint(PointId id, String why) {
    requireThere(id);
    marks.checkMayGo(id);
    marks.put(PointMark.Kind.DELETED, id, why);
  }

  @Override
  public void hold(PointId id, String why) {
    requireThere(id);
    if (marks.isDeleted(id)) {
      throw PointObject.notFound(id, store.describe());
    }
    marks.put(PointMark.Kind.HELD, id, why);
    new StoreHolds(store, blobs, known, marks).hold(load(id));
  }

  @Override
  public void release(PointId id) {
    // A mark that the hold had overruled must not come to life with an age of its own.
    marks.remove(PointMark.Kind.DELETED, id);
    StoreHolds holds = new StoreHolds(store, blobs, known, marks);
    holds.liftMark(id);
    marks.remove(PointMark.Kind.HELD, id);
    holds.lift(id, this::load);
  }

  @Override
  public Map<PointId, PointGuard> guards(Collection<PointId> points) {
    return marks.guards(points);
  }

  @Override
  public Optional<RepositoryLock> lock() {
    return format.settings().lock();
  }

  @Override
  public CollectReport collect(
      CollectOptions options, Cancellation cancellation, CollectProgress progress) {
    holders.checkCurrent();
    return new Collector(
            store, environment, format, blobs, known, marks, options, cancellation, progress)
        .run();
  }

  @Override
  public VerifyReport verify(VerifyOptions options, VerifyReport.Progress progress) {
    // A store opened for reading cannot be asked for the time; a wrong date here costs findings
    // only.
    boolean ask = store.capabilities().writable();
    Optional<Instant> now =
        format
            .settings()
            .lock()
            .map(lock -> ask ? marks.storeTime() : environment.clock().instant());
    int lanes = environment.tuning().lanes();
    return new Verifier(store, keys, blobs, marks, known, damage, now, options, progress, lanes)
        .run();
  }

  @Override
  public int recordDamage(VerifyReport report) {
    List<PackId> packs =
        report.findings().stream()
            // One that is locked too short is whole.
            .filter(finding -> finding.kind() != VerifyReport.Kind.UNLOCKED)
            .filter(finding -> finding.object().startsWith(PackId.FOLDER + "/"))
            .flatMap(finding -> PackId.of(new ObjectName(finding.object())).stream())
            .toList();
    int fresh = damage.mark(packs);
    known.refresh();
    return fresh;
  }

  @Override
  public HealReport heal(Optional<Repository> copy, VerifyReport.Progress progress) {
    Optional<SealedRepository> other = copy.map(SealedRepository.class::cast);
    other.ifPresent(this::checkSameTenant);
    known.refresh();
    other.ifPresent(o -> o.known.refresh());
    return new Healer(this, other, progress).run();
  }

  @Override
  public TierReport tier(
      TierPolicy policy, Set<PointId> keepReadable, boolean dryRun, Cancellation cancellation) {
    return new Tiering(store, this).run(policy, keepReadable, dryRun, cancellation);
  }

  @Override
  public Recall recall(PointId id, boolean ask) {
    return new Tiering(store, this).recall(id, ask);
  }

  @Override
  public int rebuildIndexes(Cancellation cancellation) {
    return new IndexRebuild(store, environment, format, blobs, known, marks, cancellation).run();
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
    works.close();
    codecs.close();
  }

  Keys sealingKeys() {
    return keys;
  }

  /** Whether a readable point of this id is here. */
  boolean has(PointId id) {
    try {
      load(id);
      return true;
    } catch (SendenseException e) {
      if (Damage.isContent(e) || e.code() == ErrorCode.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private void requireThere(PointId id) {
    if (store.stat(PointObject.name(id)).isEmpty()) {
      throw PointObject.notFound(id, store.describe());
    }
  }

  private void checkUsable(PointId parent) {
    if (store.stat(PointObject.name(parent)).isEmpty() || marks.isDeleted(parent)) {
      throw PointObject.notFound(parent, store.describe());
    }
  }

  /** Whether the point is marked as deleted; its object is there until it is collected. */
  boolean isDeleted(PointId id) {
    return marks.isDeleted(id);
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
