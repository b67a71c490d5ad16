package io.sendense.appliance.cli;

import io.sendense.appliance.store.RepositoryUrl;
import io.sendense.appliance.store.StoreAccess;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.testkit.FolderOfStore;
import io.sendense.repository.testkit.StoreCheck;
import io.sendense.repository.testkit.StoreChecks;
import io.sendense.repository.testkit.StoreUnderTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Examines a store in a folder of its own, and removes from that what can be removed. */
final class Validation {
  static final String FOLDER = "sendense-validate-";

  private final RepositoryUrl place;
  private final StoreAccess access;
  private final boolean compliance;

  /**
   * @param place a fresh folder of the store
   * @param compliance also use locks that nobody can lift
   */
  Validation(RepositoryUrl place, StoreAccess access, boolean compliance) {
    this.place = place;
    this.access = access;
    this.compliance = compliance;
  }

  /** How a check ended. */
  enum Status {
    PASSED,
    FAILED,
    NOT_OFFERED
  }

  record Outcome(StoreCheck check, Status status, String detail) {}

  /**
   * What stays because it is locked.
   *
   * @param until when the last of it can be deleted, by the store's clock
   */
  record Left(int objects, Optional<Instant> until) {}

  record Report(
      String store,
      StoreCapabilities offers,
      Set<LockMode> locked,
      StoreSpeed.Figures speed,
      List<Outcome> outcomes,
      Left left) {
    long count(Status status) {
      return outcomes.stream().filter(outcome -> outcome.status() == status).count();
    }
  }

  Report run(Consumer<Outcome> told) {
    try (ObjectStore store = place.create(access)) {
      try {
        StoreSpeed.Figures speed =
            StoreSpeed.measure(new FolderOfStore(store, "speed"), access.random());
        Set<LockMode> modes = modes(store.capabilities().lockModes());
        List<Outcome> outcomes = new ArrayList<>();
        for (StoreCheck check : StoreChecks.all()) {
          Outcome outcome = examine(store, check, modes, "check-" + outcomes.size());
          outcomes.add(outcome);
          told.accept(outcome);
        }
        Left left = clean(store);
        if (left.objects() == 0) {
          place.removeEmpty();
        }
        return new Report(
            store.describe(), store.capabilities(), modes, speed, List.copyOf(outcomes), left);
      } catch (RuntimeException e) {
        try {
          clean(store);
        } catch (SendenseException also) {
          e.addSuppressed(also);
        }
        throw e;
      }
    }
  }

  /** Deletes all that is not locked. */
  static Left clean(ObjectStore store) {
    int objects = 0;
    Optional<Instant> until = Optional.empty();
    for (StoredObject object : store.list("")) {
      try {
        LockState state = store.lockState(object.name());
        if (state.legalHold()) {
          store.setLegalHold(object.name(), false);
        }
        store.delete(object.name());
      } catch (SendenseException e) {
        if (e.code() != ErrorCode.STORE_LOCKED) {
          throw e;
        }
        objects++;
        Optional<Instant> end = store.lockState(object.name()).lock().map(ObjectLock::until);
        if (until.isEmpty() || end.filter(until.get()::isBefore).isPresent()) {
          until = end;
        }
      }
    }
    return new Left(objects, until);
  }

  private Set<LockMode> modes(Set<LockMode> offered) {
    return !compliance && offered.contains(LockMode.GOVERNANCE)
        ? Set.of(LockMode.GOVERNANCE)
        : offered;
  }

  private Outcome examine(ObjectStore store, StoreCheck check, Set<LockMode> modes, String folder) {
    if (!check.offered().test(store.capabilities())) {
      return new Outcome(check, Status.NOT_OFFERED, "");
    }
    List<ObjectStore> others = new ArrayList<>();
    try {
      StoreUnderTest under =
          new StoreUnderTest(
              new FolderOfStore(store, folder),
              () -> {
                ObjectStore other = place.open(access);
                others.add(other);
                return new FolderOfStore(other, folder);
              },
              modes);
      check.body().examine(under);
      return new Outcome(check, Status.PASSED, "");
    } catch (AssertionError | Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return new Outcome(check, Status.FAILED, String.valueOf(e.getMessage()));
    } finally {
      others.forEach(ObjectStore::close);
    }
  }
}
