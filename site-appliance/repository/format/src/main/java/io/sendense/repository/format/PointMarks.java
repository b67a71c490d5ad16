package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Deletion marks and legal holds of points. Thread-safe. */
final class PointMarks {
  private final ObjectStore store;
  private final Keys keys;
  private final Environment environment;

  /** Marks whose seal was seen to open. A mark never changes, so this is not asked again. */
  private final Set<ObjectName> proved = Collections.synchronizedSet(new HashSet<>());

  PointMarks(ObjectStore store, Keys keys, Environment environment) {
    this.store = store;
    this.keys = keys;
    this.environment = environment;
  }

  /**
   * All of one kind that a point can be known by, with the store's time of each.
   *
   * @param damaged gets what does not open; it counts for nothing
   */
  Map<PointId, Instant> list(PointMark.Kind kind, List<VerifyReport.Finding> damaged) {
    Map<PointId, Instant> found = new LinkedHashMap<>();
    for (StoredObject object : store.list(kind.folder())) {
      Optional<PointId> point = kind.pointOf(object.name());
      try {
        if (point.isPresent() && prove(kind, object.name())) {
          found.put(point.get(), object.storedAt());
        }
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
        damaged.add(Findings.damagedObject(object.name(), Optional.empty(), e));
      }
    }
    return found;
  }

  /** The points that are deleted: marked and not held. */
  Set<PointId> deleted() {
    Map<PointId, Instant> marked = list(PointMark.Kind.DELETED, new ArrayList<>());
    if (marked.isEmpty()) {
      return Set.of();
    }
    Set<PointId> deleted = new HashSet<>(marked.keySet());
    deleted.removeAll(held());
    return deleted;
  }

  Set<PointId> held() {
    return list(PointMark.Kind.HELD, new ArrayList<>()).keySet();
  }

  boolean isDeleted(PointId point) {
    return has(PointMark.Kind.DELETED, point) && !has(PointMark.Kind.HELD, point);
  }

  boolean isHeld(PointId point) {
    return has(PointMark.Kind.HELD, point);
  }

  /** Puts a mark unless there is a good one; one that does not open is replaced. */
  void put(PointMark.Kind kind, PointId point, String why) {
    PointMark mark = new PointMark(kind, point, environment.clock().instant(), why);
    // Others may say the same, or see to the same bad mark, at the same moment.
    for (int attempt = 0; attempt < 3; attempt++) {
      switch (state(kind, mark.name())) {
        case GOOD -> {
          return;
        }
        case BAD -> store.delete(mark.name());
        case ABSENT -> {}
      }
      putNew(mark);
      boolean good = state(kind, mark.name()) == State.GOOD;
      // A mark may have done its work already, where whoever put it slept.
      if (good || store.stat(PointObject.name(point)).isEmpty()) {
        return;
      }
    }
    throw StoreFailure.missing(store.describe(), mark.name());
  }

  void remove(PointMark.Kind kind, PointId point) {
    proved.remove(kind.name(point));
    store.delete(kind.name(point));
  }

  /**
   * Refuses where a hold or a lock forbids that a point goes.
   *
   * @throws SendenseException STORE_LOCKED
   */
  void checkMayGo(PointId point) {
    if (isHeld(point)) {
      throw StoreFailure.locked(store.describe(), PointObject.name(point), Optional.empty());
    }
    LockState state = lockState(PointObject.name(point));
    if (!state.equals(LockState.FREE) && state.refusesDeletion(storeTime())) {
      throw StoreFailure.locked(
          store.describe(),
          PointObject.name(point),
          state.legalHold() ? Optional.empty() : state.lock().map(lock -> lock.until()));
    }
  }

  /** What keeps each point now. */
  Map<PointId, PointGuard> guards(Collection<PointId> points) {
    Set<PointId> held = held();
    boolean locks = !store.capabilities().lockModes().isEmpty();
    Instant now = locks && !points.isEmpty() ? storeTime() : Instant.EPOCH;
    Map<PointId, PointGuard> guards = new LinkedHashMap<>();
    for (PointId point : points) {
      LockState state = lockState(PointObject.name(point));
      Optional<Instant> until =
          state.lock().map(lock -> lock.until()).filter(date -> date.isAfter(now));
      guards.put(point, new PointGuard(held.contains(point) || state.legalHold(), until));
    }
    return guards;
  }

  /**
   * {@link LockState#FREE} where the store knows no locks, which costs no call there, and for an
   * object that is gone.
   */
  LockState lockState(ObjectName name) {
    if (store.capabilities().lockModes().isEmpty() && !store.capabilities().legalHold()) {
      return LockState.FREE;
    }
    try {
      return store.lockState(name);
    } catch (SendenseException e) {
      if (StoreFailure.isMissing(e)) {
        return LockState.FREE;
      }
      throw e;
    }
  }

  /** Asks the store for the time by an object that is removed again. */
  Instant storeTime() {
    ObjectName name = IntentObject.name(IndexPublisher.randomId(environment.random()));
    byte[] intent =
        new IntentObject(
                IntentObject.writerOf(name).orElseThrow(), java.time.Duration.ZERO, List.of())
            .encode(keys, IndexPublisher.salt(environment.random()));
    Instant now = store.put(name, intent).storedAt();
    store.delete(name);
    return now;
  }

  private enum State {
    ABSENT,
    GOOD,
    BAD
  }

  private boolean has(PointMark.Kind kind, PointId point) {
    return store.stat(kind.name(point)).isPresent() && state(kind, kind.name(point)) == State.GOOD;
  }

  private State state(PointMark.Kind kind, ObjectName name) {
    try {
      proved.remove(name);
      return prove(kind, name) ? State.GOOD : State.ABSENT;
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      return State.BAD;
    }
  }

  private void putNew(PointMark mark) {
    try {
      store.put(mark.name(), mark.encode(keys, environment.random()));
    } catch (SendenseException e) {
      if (e.code() != ErrorCode.ALREADY_EXISTS) {
        throw e;
      }
    }
  }

  private boolean prove(PointMark.Kind kind, ObjectName name) {
    if (proved.contains(name)) {
      return true;
    }
    try {
      byte[] bytes = StoreReads.whole(store, name, PointMark.BYTES_MAX);
      PointMark.decode(kind, name, bytes, Optional.of(keys));
      proved.add(name);
      return true;
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.STORE_OBJECT_MISSING) {
        return false;
      }
      throw e;
    }
  }
}
