package io.sendense.repository.testkit;

import java.util.List;
import java.util.stream.Stream;

/**
 * What every object store must do, as checks that need no test framework: the product's own tests
 * run them for each store, and the validate command runs them on a customer's.
 */
public final class StoreChecks {
  private StoreChecks() {}

  public static List<StoreCheck> all() {
    return Stream.of(
            ContentChecks.all(),
            NameChecks.all(),
            ListingChecks.all(),
            LockChecks.all(),
            HoldChecks.all(),
            TierChecks.all())
        .flatMap(List::stream)
        .toList();
  }
}
