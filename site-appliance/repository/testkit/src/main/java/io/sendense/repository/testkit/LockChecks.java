package io.sendense.repository.testkit;

import static io.sendense.repository.testkit.Samples.ahead;
import static io.sendense.repository.testkit.Samples.text;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreCapabilities;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Locked objects stay. The locks last seconds to minutes, so that little is left behind. */
final class LockChecks {
  private static final int SHORT_SECONDS = 60;
  private static final int LONGER_SECONDS = 120;

  private LockChecks() {}

  static List<StoreCheck> all() {
    return List.of(
        new StoreCheck(
            "a lock set by the put forbids deletion until its date",
            "Whoever takes over the appliance could delete restore points that should be safe.",
            LockChecks::hasLocks,
            LockChecks::setByPut),
        new StoreCheck(
            "a lock is made longer and never shorter",
            "Whoever takes over the appliance could cut locks short and then delete.",
            LockChecks::hasLocks,
            LockChecks::longerOnly),
        new StoreCheck(
            "an object put without a lock can be locked later",
            "Older objects that a newer restore point needs would stay without a lock.",
            LockChecks::hasLocks,
            LockChecks::later),
        new StoreCheck(
            "a lock that the store does not offer is refused, and nothing is stored",
            "Restore points would be taken for immutable and are not.",
            capabilities -> capabilities.lockModes().size() < LockMode.values().length,
            LockChecks::refused));
  }

  private static boolean hasLocks(StoreCapabilities capabilities) {
    return !capabilities.lockModes().isEmpty();
  }

  private static void setByPut(StoreUnderTest under) {
    ObjectStore store = under.store();
    for (LockMode mode : under.lockModes()) {
      ObjectName name = name("locked", mode);
      ObjectLock lock = new ObjectLock(mode, ahead(store, SHORT_SECONDS));
      store.put(name, text("kept"), 0, 4, Optional.of(lock));

      Expect.equal(
          store.lockState(name), new LockState(Optional.of(lock), false), "the object's lock");
      SendenseException failure =
          Expect.refusal(ErrorCode.STORE_LOCKED, "deleting it", () -> store.delete(name));
      Expect.that(
          String.valueOf(failure.getMessage()).contains(lock.until().toString()),
          "the refusal does not name the date " + lock.until() + ": " + failure);
      Expect.same(store.get(name, 10), text("kept"), "the locked object");
    }
  }

  private static void longerOnly(StoreUnderTest under) {
    ObjectStore store = under.store();
    for (LockMode mode : under.lockModes()) {
      ObjectName name = name("longer", mode);
      Instant until = ahead(store, SHORT_SECONDS);
      store.put(name, text("kept"), 0, 4, Optional.of(new ObjectLock(mode, until)));

      ObjectLock longer = new ObjectLock(mode, ahead(store, LONGER_SECONDS));
      store.extendLock(name, longer);
      store.extendLock(name, longer);

      Expect.equal(store.lockState(name).lock(), Optional.of(longer), "the longer lock");
      Expect.refusal(
          ErrorCode.STORE_LOCKED,
          "making a lock shorter",
          () -> store.extendLock(name, new ObjectLock(mode, until)));
      Expect.equal(store.lockState(name).lock(), Optional.of(longer), "the lock after that");
    }
  }

  private static void later(StoreUnderTest under) {
    ObjectStore store = under.store();
    for (LockMode mode : under.lockModes()) {
      ObjectName name = name("late", mode);
      store.put(name, text("kept"));
      Expect.equal(store.lockState(name), LockState.FREE, "the lock of an object without one");

      store.extendLock(name, new ObjectLock(mode, ahead(store, SHORT_SECONDS)));

      Expect.refusal(ErrorCode.STORE_LOCKED, "deleting it", () -> store.delete(name));
    }
  }

  private static void refused(StoreUnderTest under) {
    ObjectStore store = under.store();
    ObjectName name = new ObjectName("unlocked");
    for (LockMode mode : LockMode.values()) {
      if (!store.capabilities().lockModes().contains(mode)) {
        ObjectLock lock = new ObjectLock(mode, ahead(store, SHORT_SECONDS));
        Expect.refusal(
            ErrorCode.STORE_UNSUPPORTED,
            "a put with the lock " + mode,
            () -> store.put(name, text("kept"), 0, 4, Optional.of(lock)));
        Expect.that(store.stat(name).isEmpty(), "the refused put left an object");
      }
    }
  }

  private static ObjectName name(String folder, LockMode mode) {
    return new ObjectName(folder + "/" + mode.name().toLowerCase(Locale.ROOT));
  }
}
