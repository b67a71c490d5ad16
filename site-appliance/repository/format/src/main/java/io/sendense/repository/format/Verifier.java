package io.sendense.repository.format;

import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Examines a repository with its keys: every pack in full, then every tree, whose references must
 * lead to blobs that were proved. Used once, by one thread.
 */
final class Verifier {
  private final ObjectStore store;
  private final Keys keys;
  private final BlobSource blobs;
  private final PointMarks marks;
  private final KnownBlobs known;
  private final DamageMarks damage;
  private final ReadablePacks readable;
  private final Optional<LockCheck> locks;
  private final List<PointObject> wholePoints = new ArrayList<>();
  private final VerifyOptions options;
  private final PackProofs proofs;
  private final Findings findings = new Findings();
  private final Map<PackId, Long> packs = new HashMap<>();

  /** What the indexes say that packs end in; dropped once the data was read. */
  private final Map<PackId, byte[]> checksums = new HashMap<>();

  private final Set<Location> wholeNodes = new HashSet<>();
  private final Set<UUID> replaced = new HashSet<>();

  /** Packs that are not there, with the indexes that name them. */
  private final Map<ObjectName, Set<UUID>> missingPacks = new LinkedHashMap<>();

  private long points;
  private long objects;

  /**
   * @param now the store's time, for locks; empty in a repository that does not lock
   * @param lanes how many packs are read at once
   */
  Verifier(
      ObjectStore store,
      Keys keys,
      BlobSource blobs,
      PointMarks marks,
      KnownBlobs known,
      DamageMarks damage,
      Optional<Instant> now,
      VerifyOptions options,
      VerifyReport.Progress progress,
      int lanes) {
    this.store = store;
    this.keys = keys;
    this.blobs = blobs;
    this.marks = marks;
    this.known = known;
    this.damage = damage;
    readable = new ReadablePacks(store);
    locks = now.map(time -> new LockCheck(store, blobs, known, time, findings));
    this.options = options;
    proofs = new PackProofs(store, blobs.codecs(), findings, progress, lanes);
  }

  VerifyReport run() {
    // Points before indexes before packs: whatever a point relies on is then in the later lists.
    var pointObjects = store.list(PointObject.FOLDER);
    Set<PointId> deleted = marks.deleted();
    known.refresh();
    checkIndexes();
    if (options.readData() && options.points().isEmpty()) {
      proofs.proveAll(inSlice(), checksums);
    }
    checksums.clear();
    for (StoredObject object : pointObjects) {
      Optional<PointId> id = PointObject.idOf(object.name());
      if (id.isEmpty()) {
        findings.object(VerifyReport.Kind.DAMAGED, object.name(), "not the name of a point");
      } else if (!deleted.contains(id.get())
          && (options.points().isEmpty() || options.points().contains(id.get()))) {
        checkPoint(object.name(), id.get());
      }
    }
    locks.ifPresent(check -> check.run(wholePoints));
    return new VerifyReport(points, objects + packs.size(), proofs.bytesRead(), stillTrue());
  }

  /** The findings without those of points that were deleted meanwhile. */
  private List<VerifyReport.Finding> stillTrue() {
    List<VerifyReport.Finding> all = unhealed();
    Set<PointId> gone = new HashSet<>();
    all.stream()
        .flatMap(finding -> finding.point().stream())
        .distinct()
        .filter(id -> store.stat(PointObject.name(id)).isEmpty() || marks.isDeleted(id))
        .forEach(gone::add);
    return all.stream().filter(f -> f.point().filter(gone::contains).isEmpty()).toList();
  }

  /** A pack that is recorded as damaged and that no point misses is no news. */
  private List<VerifyReport.Finding> unhealed() {
    return findings.list().stream()
        .filter(finding -> finding.point().isPresent() || !isRecorded(finding.object()))
        .toList();
  }

  private boolean isRecorded(String object) {
    return object.startsWith(PackId.FOLDER + "/")
        && PackId.of(new ObjectName(object)).filter(damage::has).isPresent();
  }

  private Map<PackId, Long> inSlice() {
    Map<PackId, Long> chosen = new HashMap<>(packs);
    options.part().ifPresent(part -> chosen.keySet().removeIf(pack -> !part.has(pack)));
    // What lies in an archive is looked up, not read: reading would have to bring it back.
    chosen.keySet().removeIf(pack -> !readable.has(pack));
    return chosen;
  }

  private boolean isRead(PackId pack) {
    return options.readData()
        && options.part().filter(part -> !part.has(pack)).isEmpty()
        && readable.has(pack);
  }

  private void checkIndexes() {
    var indexObjects = store.list(IndexObject.FOLDER);
    store.list(
        PackId.FOLDER,
        found -> PackId.of(found.name()).ifPresent(id -> packs.put(id, found.lengthBytes())));
    for (StoredObject object : indexObjects) {
      objects++;
      try {
        byte[] bytes = StoreReads.whole(store, object.name(), IndexObject.BYTES_MAX);
        IndexObject index = IndexObject.decode(object.name(), bytes, Optional.of(keys));
        if (!index.isLate(object.storedAt())) {
          replaced.addAll(index.replaces());
          index.packs().forEach(pack -> checkPack(index.id(), pack));
        }
      } catch (SendenseException e) {
        note(object.name(), Optional.empty(), e);
      }
    }
    missingPacks.forEach(
        (name, namedBy) -> {
          if (!replaced.containsAll(namedBy)) {
            findings.object(
                VerifyReport.Kind.MISSING,
                name,
                "object " + name + " is missing; an index names it");
          }
        });
  }

  private void checkPack(UUID index, PackRecord pack) {
    Long length = packs.get(pack.id());
    ObjectName name = pack.id().objectName();
    if (length == null) {
      missingPacks.computeIfAbsent(name, key -> new HashSet<>()).add(index);
    } else if (length != pack.lengthBytes()) {
      findings.object(
          VerifyReport.Kind.DAMAGED,
          name,
          "it has " + length + " bytes where an index says " + pack.lengthBytes());
    } else if (options.readData()) {
      checksums.put(pack.id(), pack.checksum());
    }
  }

  private void checkPoint(ObjectName name, PointId id) {
    PointObject point;
    objects++;
    try {
      point = PointObject.decode(name, StoreReads.whole(store, name, PointObject.BYTES_MAX), keys);
    } catch (SendenseException e) {
      if (!StoreFailure.isMissing(e)) {
        note(name, Optional.of(id), e);
      }
      return;
    }
    points++;
    if (locks.isPresent()) {
      wholePoints.add(point);
    }
    for (int i = 0; i < point.point().disks().size(); i++) {
      checkDisk(name, point, i);
    }
  }

  private void checkDisk(ObjectName name, PointObject point, int position) {
    PointDisk disk = point.point().disks().get(position);
    Optional<Ref> top = point.tops().get(position);
    BlobCodec codec = blobs.codecs().borrow();
    try {
      RootHash root = WrittenDisk.root(codec, disk.sizeBytes(), disk.chunkBytes(), top);
      if (!root.equals(disk.root())) {
        findings.add(
            new VerifyReport.Finding(
                VerifyReport.Kind.DAMAGED,
                name.value(),
                Optional.of(point.point().id()),
                Optional.of(disk.name()),
                Optional.empty(),
                "its root hash does not fit its tree"));
      }
    } finally {
      blobs.codecs().giveBack(codec);
    }
    if (top.isPresent()) {
      int height = TreeReader.height(disk.chunks());
      checkNode(point.point().id(), disk, top.get(), height - 1, 0);
    }
  }

  /** Returns whether all below the node is whole. */
  private boolean checkNode(PointId point, PointDisk disk, Ref ref, int level, long index) {
    if (wholeNodes.contains(ref.at())) {
      return true;
    }
    boolean whole = true;
    try {
      Node node = blobs.uncachedNode(ref);
      if (node.level() != level) {
        throw Damage.of(ref.at().pack().objectName().value(), "a tree node is at a wrong level");
      }
      for (int place = 0; place < Node.FANOUT; place++) {
        @Nullable Ref child = node.child(place);
        long position = (index << Node.FANOUT_BITS) + place;
        if (child == null) {
          continue;
        }
        whole &=
            level > 0
                ? checkNode(point, disk, child, level - 1, position)
                : checkChunk(point, disk, child, position);
      }
    } catch (SendenseException e) {
      affected(point, disk, ref, e, index << (Node.FANOUT_BITS * (level + 1)), level + 1);
      return false;
    }
    if (whole) {
      wholeNodes.add(ref.at());
    }
    return whole;
  }

  private boolean checkChunk(PointId point, PointDisk disk, Ref chunk, long index) {
    try {
      if (chunk.at().rawBytes() != disk.chunkBytes()) {
        throw Damage.of(chunk.at().pack().objectName().value(), "a chunk in it has a wrong length");
      }
      Ref now = healed(chunk);
      if (!isRead(now.at().pack())) {
        proofs.checkPresence(now, packs);
      } else if (!proofs.isProved(now)) {
        proofs.proveOne(blobs, chunk);
      }
      return true;
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.STORE_ARCHIVED) {
        // A collector moved it since the packs were listed, to one that lies in an archive now.
        return true;
      }
      affected(point, disk, chunk, e, index, 0);
      return false;
    }
  }

  /**
   * The chunk where it lies now, if the pack that the tree names is gone or recorded as damaged.
   */
  private Ref healed(Ref chunk) {
    PackId named = chunk.at().pack();
    if (packs.containsKey(named) && !damage.has(named)) {
      return chunk;
    }
    @Nullable Ref other = blobs.elsewhere(chunk);
    if (other != null) {
      return other;
    }
    return packs.containsKey(named)
        ? chunk
        : blobs.places(chunk).stream()
            .filter(place -> packs.containsKey(place.pack()))
            .findFirst()
            .map(place -> new Ref(chunk.id(), place))
            .orElse(chunk);
  }

  private void affected(
      PointId point, PointDisk disk, Ref ref, SendenseException why, long chunk, int levels) {
    if (!Damage.isContent(why)) {
      throw why;
    }
    long from = chunk * disk.chunkBytes();
    long reach = (long) disk.chunkBytes() << (Node.FANOUT_BITS * levels);
    long to = reach <= 0 ? disk.sizeBytes() : Math.min(disk.sizeBytes(), from + reach);
    findings.add(
        new VerifyReport.Finding(
            Findings.kind(why),
            ref.at().pack().objectName().value(),
            Optional.of(point),
            Optional.of(disk.name()),
            to > from ? Optional.of(new BlockRange(from, to - from)) : Optional.empty(),
            String.valueOf(why.getMessage())));
    @Nullable Ref moved = options.points().isEmpty() ? null : blobs.elsewhere(ref);
    if (moved != null) {
      // Whoever reads all packs comes upon it; of chosen points only this tells.
      VerifyReport.Kind kind =
          packs.containsKey(moved.at().pack())
              ? VerifyReport.Kind.DAMAGED
              : VerifyReport.Kind.MISSING;
      ObjectName pack = moved.at().pack().objectName();
      findings.object(kind, pack, "blobs that were moved to it cannot be read");
    }
  }

  private void note(ObjectName name, Optional<PointId> point, SendenseException why) {
    if (!Damage.isContent(why)) {
      throw why;
    }
    if (!StoreFailure.isMissing(why)) {
      findings.add(Findings.damagedObject(name, point, why));
    }
  }
}
