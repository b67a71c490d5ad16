package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What whoever runs a store can prove without any key: every object whole by its own checksum,
 * every index that a point relies on there, every pack that an index names there and the very one
 * it names. It proves against accidents; against forgery only the keys help. Used once, by one
 * thread.
 */
public final class OperatorCheck {
  private final ObjectStore store;
  private final VerifyReport.Progress progress;
  private final Findings findings = new Findings();
  private final ReadablePacks readable;
  private final Map<PackId, byte[]> packChecksums = new HashMap<>();
  private final Set<UUID> indexes = new HashSet<>();
  private final Set<PointId> deleted = new HashSet<>();
  private final Set<PointId> held = new HashSet<>();
  private final Set<UUID> replaced = new HashSet<>();

  /** Packs that are not there, with the indexes that name them. */
  private final Map<ObjectName, Set<UUID>> missingPacks = new LinkedHashMap<>();

  private long points;
  private long objects;
  private long bytesRead;
  private long bytesTotal;
  private byte[] buffer = new byte[1 << 20];

  private OperatorCheck(ObjectStore store, VerifyReport.Progress progress) {
    this.store = store;
    this.progress = progress;
    readable = new ReadablePacks(store);
  }

  /**
   * Reads every object once. What is wrong is in the report; only the store's failures are thrown.
   */
  public static VerifyReport run(ObjectStore store, VerifyReport.Progress progress) {
    return new OperatorCheck(store, progress).run();
  }

  private VerifyReport run() {
    List<StoredObject> pointObjects = store.list(PointObject.FOLDER);
    List<StoredObject> indexObjects = store.list(IndexObject.FOLDER);
    List<StoredObject> packObjects = store.list(PackId.FOLDER);
    List<StoredObject> keyObjects = store.list(KeyObject.FOLDER);
    List<StoredObject> intents = store.list(IntentObject.FOLDER);
    for (List<StoredObject> all :
        List.of(pointObjects, indexObjects, packObjects, keyObjects, intents)) {
      bytesTotal += Findings.bytes(all);
    }
    for (StoredObject note : store.list(LockNote.FOLDER)) {
      examine(note, ObjectType.LOCK_NOTE, (envelope, bytes) -> {});
    }
    for (PointMark.Kind kind : PointMark.Kind.values()) {
      for (StoredObject object : store.list(kind.folder())) {
        checkMark(kind, object);
      }
    }
    checkFormat();
    keyObjects.forEach(object -> examine(object, ObjectType.KEY, (envelope, bytes) -> {}));
    intents.forEach(
        object ->
            examine(
                object,
                ObjectType.INTENT,
                (envelope, bytes) -> IntentObject.decode(object.name(), bytes, Optional.empty())));
    packObjects.forEach(this::checkPack);
    indexObjects.forEach(this::checkIndex);
    missingPacks.forEach(
        (name, namedBy) -> {
          namedBy.removeAll(replaced);
          if (!namedBy.isEmpty()) {
            ObjectName index = IndexObject.name(namedBy.iterator().next());
            findings.object(VerifyReport.Kind.MISSING, name, "missing, but " + index + " names it");
          }
        });
    pointObjects.forEach(this::checkPoint);
    if (keyObjects.isEmpty()) {
      findings.object(
          VerifyReport.Kind.MISSING, new ObjectName(KeyObject.FOLDER), "there is no key object");
    }
    return new VerifyReport(points, objects, bytesRead, findings.list());
  }

  private void checkFormat() {
    Optional<StoredObject> format = store.stat(FormatObject.NAME);
    if (format.isEmpty()) {
      findings.object(VerifyReport.Kind.MISSING, FormatObject.NAME, "the format object is missing");
    } else {
      examine(format.get(), ObjectType.FORMAT, (envelope, bytes) -> FormatObject.decode(bytes));
    }
  }

  private void checkMark(PointMark.Kind kind, StoredObject object) {
    examine(
        object,
        kind.type(),
        (envelope, bytes) -> {
          PointMark mark = PointMark.decode(kind, object.name(), bytes, Optional.empty());
          (kind == PointMark.Kind.DELETED ? deleted : held).add(mark.point());
        });
  }

  private boolean isDeleted(ObjectName point) {
    return PointObject.idOf(point)
        .filter(deleted::contains)
        .filter(id -> !held.contains(id))
        .isPresent();
  }

  private void checkPack(StoredObject object) {
    if (!PackId.of(object.name()).map(readable::has).orElse(true)) {
      // It lies in an archive: that it is there is all that can be told without bringing it back.
      objects++;
      return;
    }
    examine(
        object,
        ObjectType.PACK,
        (envelope, bytes) -> {
          PackId id =
              PackId.of(object.name())
                  .orElseThrow(() -> Damage.of(object.name().value(), "not the name of a pack"));
          PackContent.checkClear(envelope, id);
          packChecksums.put(id, envelope.checksum());
        });
  }

  private void checkIndex(StoredObject object) {
    examine(
        object,
        ObjectType.INDEX,
        (envelope, bytes) -> {
          IndexObject index = IndexObject.decode(object.name(), bytes, Optional.empty());
          indexes.add(index.id());
          if (!index.isLate(object.storedAt())) {
            indexes.addAll(index.replaces());
            replaced.addAll(index.replaces());
            index.packs().forEach(pack -> checkNamed(index.id(), pack));
          }
        });
  }

  private void checkNamed(UUID index, PackRecord pack) {
    ObjectName name = pack.id().objectName();
    byte[] checksum = packChecksums.get(pack.id());
    if (checksum != null) {
      if (!java.util.Arrays.equals(checksum, pack.checksum())) {
        findings.object(
            VerifyReport.Kind.DAMAGED,
            name,
            "it is not the pack that " + IndexObject.name(index) + " names");
      }
    } else if (store.stat(name).isEmpty()) {
      missingPacks.computeIfAbsent(name, key -> new HashSet<>()).add(index);
    }
  }

  private void checkPoint(StoredObject object) {
    points++;
    examine(
        object,
        ObjectType.POINT,
        (envelope, bytes) -> {
          for (UUID index : PointObject.indexes(object.name(), bytes)) {
            if (!isDeleted(object.name())
                && !indexes.contains(index)
                && store.stat(IndexObject.name(index)).isEmpty()) {
              findings.add(
                  new VerifyReport.Finding(
                      VerifyReport.Kind.MISSING,
                      IndexObject.name(index).value(),
                      PointObject.idOf(object.name()),
                      Optional.empty(),
                      Optional.empty(),
                      "missing, but a restore point relies on it; it can be rebuilt with the key"));
            }
          }
        });
  }

  private interface Content {
    void check(Envelope envelope, byte[] bytes);
  }

  private void examine(StoredObject object, ObjectType type, Content content) {
    objects++;
    try {
      if (object.lengthBytes() > PackBuilder.PACK_BYTES_MAX) {
        throw Damage.of(object.name().value(), "it is too long");
      }
      int length = (int) object.lengthBytes();
      if (buffer.length < length) {
        buffer = new byte[length];
      }
      StoreReads.range(store, object.name(), 0, buffer, length);
      bytesRead += length;
      // Packs are large and few of their bytes are kept; all others are decoded from an array of
      // their own length.
      byte[] bytes = type == ObjectType.PACK ? buffer : java.util.Arrays.copyOf(buffer, length);
      content.check(Envelope.check(object.name(), type, bytes, length), bytes);
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      // An object deleted since it was listed is no fault; what needs it will say so.
      if (!StoreFailure.isMissing(e)) {
        findings.add(Findings.damagedObject(object.name(), Optional.empty(), e));
      }
    }
    progress.at(Math.min(bytesRead, bytesTotal), bytesTotal);
  }
}
