package io.sendense.repository.testkit;

import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.ObjectStore;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * A store as a check sees it.
 *
 * @param store empty at first; closed by whoever runs the check
 * @param reopen makes a second handle to the same objects, as another process would; the check
 *     closes it
 * @param lockModes the modes to lock with, a part of what the store offers: nobody can delete what
 *     {@code COMPLIANCE} keeps, so it is left out where that is unwelcome
 */
public record StoreUnderTest(
    ObjectStore store, Callable<ObjectStore> reopen, Set<LockMode> lockModes) {
  public StoreUnderTest {
    lockModes = Set.copyOf(lockModes);
  }

  /** With all that the store offers. */
  public static StoreUnderTest whole(ObjectStore store, Callable<ObjectStore> reopen) {
    return new StoreUnderTest(store, reopen, store.capabilities().lockModes());
  }
}
