package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sees to it that what a point of one generation needs of older ones is locked for as long as the
 * point promises. One object is extended once in a generation, whoever does it: a note in the store
 * remembers it. Noting packs is thread-safe, the rest is for one thread.
 */
final class LockKeeper {
  private final ObjectStore store;
  private final Environment environment;
  private final FormatObject format;
  private final BlobSource blobs;
  private final KnownBlobs known;
  private final int generation;
  private final Set<PackId> foreign = ConcurrentHashMap.newKeySet();

  LockKeeper(
      ObjectStore store,
      Environment environment,
      FormatObject format,
      BlobSource blobs,
      KnownBlobs known,
      int generation) {
    this.store = store;
    this.environment = environment;
    this.format = format;
    this.blobs = blobs;
    this.known = known;
    this.generation = generation;
  }

  /** Notes a pack whose blobs the point uses. */
  void uses(PackId pack) {
    if (pack.generation() != generation && format.settings().lock().isPresent()) {
      foreign.add(pack);
    }
  }

  /**
   * Extends what must be extended. Returns when the store enforces it; the point may be put then.
   *
   * @param indexes all that the point will name, but for those of this writer
   * @throws SendenseException the store's own failures; nothing was shortened
   */
  void protect(Optional<PointObject> parent, Collection<UUID> indexes) {
    Optional<ObjectLock> lock = format.lockOf(generation);
    if (lock.isEmpty()) {
      return;
    }
    Set<PackId> packs = new HashSet<>(foreign);
    Set<UUID> needed = new HashSet<>(indexes);
    if (parent.isPresent()) {
      PointObject old = parent.get();
      boolean lasts = lastsAsLong(PointObject.name(old.point().id()), lock.get());
      if (lasts) {
        // All it names lasts as long; what replaced one of its indexes since was put later still.
        old.indexes().forEach(index -> needed.remove(known.current(index)));
      }
      // Where damage is recorded it may rest on other packs by now than when it was made.
      if (!lasts || known.hasDamage()) {
        new TreePacks(blobs, known)
            .add(old).stream()
                .map(TreePacks.Rest::pack)
                .filter(pack -> pack.generation() != generation)
                .forEach(packs::add);
      }
    }
    boolean base = true;
    // Few, and changed by people at any time: asked about each time.
    for (StoredObject key : store.list(KeyObject.FOLDER)) {
      if (!lastsAsLong(key.name(), lock.get())) {
        store.extendLock(key.name(), lock.get());
      }
    }
    for (LockNote note : notes()) {
      note.packs().forEach(packs::remove);
      note.indexes().forEach(needed::remove);
      base &= !note.base();
    }
    if (packs.isEmpty() && needed.isEmpty() && !base) {
      return;
    }
    extend(packs, needed, base, lock.get());
    remember(List.copyOf(packs), List.copyOf(needed), base);
  }

  /**
   * Takes back a point that was put too late. A locked one cannot go yet, so it is marked instead.
   */
  void withdraw(PointId point, PointMarks marks) {
    if (format.settings().lock().isPresent()) {
      marks.put(PointMark.Kind.DELETED, point, "it was sealed too late");
    } else {
      store.delete(PointObject.name(point));
    }
  }

  private boolean lastsAsLong(ObjectName name, ObjectLock lock) {
    LockState state = store.lockState(name);
    return state.lock().filter(l -> !l.until().isBefore(lock.until())).isPresent();
  }

  private List<LockNote> notes() {
    List<LockNote> notes = new ArrayList<>();
    for (StoredObject object : store.list(LockNote.folder(generation))) {
      try {
        byte[] bytes = StoreReads.whole(store, object.name(), LockNote.BYTES_MAX);
        notes.add(LockNote.decode(object.name(), bytes, blobs.codecs().keys()));
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
        // Not believed: what it says is extended again.
      }
    }
    return notes;
  }

  private void extend(Set<PackId> packs, Set<UUID> indexes, boolean base, ObjectLock lock) {
    packs.forEach(pack -> extend(pack, lock));
    for (UUID index : indexes) {
      // A replaced index may be gone; the one in its place is named too.
      if (store.stat(IndexObject.name(index)).isPresent()) {
        store.extendLock(IndexObject.name(index), lock);
      }
    }
    if (base) {
      store.extendLock(FormatObject.NAME, lock);
    }
  }

  private void extend(PackId pack, ObjectLock lock) {
    try {
      store.extendLock(pack.objectName(), lock);
    } catch (SendenseException e) {
      // What is lost and known to be is stored again, so that nothing new rests on it.
      if (!StoreFailure.isMissing(e) || !known.isDamaged(pack)) {
        throw e;
      }
    }
  }

  private void remember(List<PackId> packs, List<UUID> indexes, boolean base) {
    for (int from = 0; from == 0 || from < packs.size(); from += LockNote.NAMES_MAX) {
      LockNote note =
          new LockNote(
              generation,
              IndexPublisher.randomId(environment.random()),
              base,
              packs.subList(from, Math.min(packs.size(), from + LockNote.NAMES_MAX)),
              from == 0 ? indexes : List.of());
      byte[] content = note.encode(blobs.codecs().keys(), environment.random());
      IndexPublisher.putAndReadBack(store, note.name(), content);
    }
  }
}
