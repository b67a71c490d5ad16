package io.sendense.repository.testkit;

import static io.sendense.repository.testkit.Samples.text;

import io.sendense.domain.ErrorCode;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.util.List;
import java.util.Optional;

/** Objects move between tiers without changing. */
final class TierChecks {
  private TierChecks() {}

  static List<StoreCheck> all() {
    return List.of(
        new StoreCheck(
            "an object moves between tiers with its content and its time",
            "Moving old restore points to a cheaper tier could lose them.",
            capabilities -> capabilities.tiers().size() > 1,
            TierChecks::moves),
        new StoreCheck(
            "a tier that the store does not offer is refused",
            "Restore points would be taken for moved and are not.",
            capabilities -> capabilities.tiers().size() < ObjectTier.values().length,
            TierChecks::refused));
  }

  private static void moves(StoreUnderTest under) {
    ObjectStore store = under.store();
    ObjectName name = new ObjectName("tiered");
    StoredObject stored = store.put(name, text("kept"));
    Expect.equal(store.tierState(name), TierState.online(ObjectTier.HOT), "a new object's tier");

    for (ObjectTier tier : ObjectTier.values()) {
      if (!store.capabilities().tiers().contains(tier)) {
        continue;
      }
      store.moveTo(name, tier);
      Expect.equal(store.tierState(name).tier(), tier, "the tier it was moved to");
      Expect.equal(store.stat(name), Optional.of(stored), "stat in tier " + tier);
      if (tier == ObjectTier.ARCHIVE) {
        Expect.refusal(
            ErrorCode.STORE_ARCHIVED, "reading in the archive", () -> store.get(name, 10));
        store.moveTo(name, ObjectTier.HOT);
        store.moveTo(name, ObjectTier.HOT);
        TierState state = store.tierState(name);
        Expect.that(state.rehydrating() || state.readable(), "it does not come back: " + state);
      } else {
        Expect.same(store.get(name, 10), text("kept"), "the object in tier " + tier);
      }
    }
  }

  private static void refused(StoreUnderTest under) {
    ObjectStore store = under.store();
    ObjectName name = new ObjectName("tiered");
    store.put(name, text("kept"));
    for (ObjectTier tier : ObjectTier.values()) {
      if (!store.capabilities().tiers().contains(tier)) {
        Expect.refusal(
            ErrorCode.STORE_UNSUPPORTED, "moving to " + tier, () -> store.moveTo(name, tier));
      }
    }
    Expect.equal(store.tierState(name), TierState.online(ObjectTier.HOT), "its tier");
  }
}
