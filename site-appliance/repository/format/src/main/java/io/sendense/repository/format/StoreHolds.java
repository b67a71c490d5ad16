package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/** The store's own legal holds on what held points need, where the store offers holds. */
final class StoreHolds {
  private final ObjectStore store;
  private final BlobSource blobs;
  private final KnownBlobs known;
  private final PointMarks marks;

  StoreHolds(ObjectStore store, BlobSource blobs, KnownBlobs known, PointMarks marks) {
    this.store = store;
    this.blobs = blobs;
    this.known = known;
    this.marks = marks;
  }

  /** Holds everything a point needs, and the object that says that it is held. */
  void hold(PointObject point) {
    if (!store.capabilities().legalHold()) {
      return;
    }
    known.refresh();
    set(PointMark.Kind.HELD.name(point.point().id()), true);
    needs(point).forEach(name -> set(name, true));
  }

  /** Lifts the hold on the object that says that a point is held. */
  void liftMark(PointId point) {
    if (store.capabilities().legalHold()) {
      set(PointMark.Kind.HELD.name(point), false);
    }
  }

  /** Lifts the holds of a point's objects but those that other held points need. */
  void lift(PointId point, Function<PointId, PointObject> load) {
    if (!store.capabilities().legalHold()) {
      return;
    }
    known.refresh();
    Set<ObjectName> names = needs(load.apply(point));
    for (PointId other : marks.held()) {
      names.removeAll(needs(load.apply(other)));
    }
    names.forEach(name -> set(name, false));
  }

  private Set<ObjectName> needs(PointObject point) {
    Set<ObjectName> names = new HashSet<>();
    names.add(PointObject.name(point.point().id()));
    names.add(FormatObject.NAME);
    store.list(KeyObject.FOLDER).forEach(key -> names.add(key.name()));
    point.indexes().forEach(index -> names.add(IndexObject.name(known.current(index))));
    for (TreePacks.Rest rest : new TreePacks(blobs, known).add(point)) {
      names.add(rest.pack().objectName());
      rest.named().ifPresent(pack -> names.add(pack.objectName()));
    }
    return names;
  }

  private void set(ObjectName name, boolean held) {
    try {
      store.setLegalHold(name, held);
    } catch (SendenseException e) {
      // An index that was replaced meanwhile may be gone; its place is taken by one that stays.
      if (!StoreFailure.isMissing(e)) {
        throw e;
      }
    }
  }
}
