package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Checks that all a point relies on is locked for as long as the point itself is, which is what it
 * promises. Used once, by one thread.
 */
final class LockCheck {
  private record Promise(PointObject point, Instant until) {}

  private final ObjectStore store;
  private final BlobSource blobs;
  private final KnownBlobs known;
  private final Instant now;
  private final Findings findings;
  private final Map<ObjectName, Instant> locks = new HashMap<>();

  /**
   * @param now the store's; what a point promised until before is not checked
   */
  LockCheck(ObjectStore store, BlobSource blobs, KnownBlobs known, Instant now, Findings findings) {
    this.store = store;
    this.blobs = blobs;
    this.known = known;
    this.now = now;
    this.findings = findings;
  }

  void run(List<PointObject> points) {
    List<Promise> promises = new ArrayList<>();
    for (PointObject point : points) {
      Instant until = until(PointObject.name(point.point().id()));
      if (until.isAfter(now)) {
        promises.add(new Promise(point, until));
      } else if (until.equals(Instant.MIN)) {
        unlocked(point, PointObject.name(point.point().id()), until, now);
      }
    }
    // The longest first: what a later one shares with it is then locked long enough for both.
    promises.sort(Comparator.comparing(Promise::until).reversed());
    TreePacks trees = new TreePacks(blobs, known);
    for (Promise promise : promises) {
      try {
        trees.add(promise.point()).forEach(rest -> check(promise, rest));
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
        // Told as damage elsewhere.
      }
      promise.point().indexes().forEach(id -> checkIndex(promise, id));
      check(promise, FormatObject.NAME);
      checkKeys(promise);
    }
  }

  /** What the tree names is read first, so that being locked long enough it is enough. */
  private void check(Promise promise, TreePacks.Rest rest) {
    boolean named =
        rest.named()
            .map(pack -> locks.computeIfAbsent(pack.objectName(), this::until))
            .filter(until -> !until.isBefore(promise.until()) && !until.equals(Instant.MAX))
            .isPresent();
    if (!named) {
      check(promise, rest.pack().objectName());
    }
  }

  /**
   * A collector that merges indexes does not know of a point that is published meanwhile. What it
   * replaced stays as long as it is locked, and counts again where the merged one goes: one of both
   * that lasts is enough.
   */
  private void checkIndex(Promise promise, UUID id) {
    Instant own = locks.computeIfAbsent(IndexObject.name(id), this::until);
    if (own.isBefore(promise.until()) || own.equals(Instant.MAX)) {
      check(promise, IndexObject.name(known.current(id)));
    }
  }

  /** One key object that lasts is enough to open the repository. */
  private void checkKeys(Promise promise) {
    List<ObjectName> keys = store.list(KeyObject.FOLDER).stream().map(StoredObject::name).toList();
    boolean one =
        keys.stream()
            .map(name -> locks.computeIfAbsent(name, this::until))
            .anyMatch(until -> !until.isBefore(promise.until()));
    if (!one) {
      keys.forEach(name -> check(promise, name));
    }
  }

  private void check(Promise promise, ObjectName name) {
    Instant until = locks.computeIfAbsent(name, this::until);
    if (until.isBefore(promise.until())) {
      unlocked(promise.point(), name, until, promise.until());
    }
  }

  private void unlocked(PointObject point, ObjectName name, Instant until, Instant needed) {
    findings.add(
        new VerifyReport.Finding(
            VerifyReport.Kind.UNLOCKED,
            name.value(),
            Optional.of(point.point().id()),
            Optional.empty(),
            Optional.empty(),
            (until.equals(Instant.MIN) ? "it is not locked" : "it is locked until " + until)
                + ", where the point needs it locked until "
                + needed));
  }

  /**
   * {@link Instant#MIN} without a lock; {@link Instant#MAX} for what is missing, told elsewhere.
   */
  private Instant until(ObjectName name) {
    try {
      LockState state = store.lockState(name);
      return state.lock().map(ObjectLock::until).orElse(Instant.MIN);
    } catch (SendenseException e) {
      if (StoreFailure.isMissing(e)) {
        return Instant.MAX;
      }
      throw e;
    }
  }
}
