package io.sendense.repository.testkit;

import static io.sendense.repository.testkit.Samples.text;

import io.sendense.domain.ErrorCode;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreCapabilities;
import java.util.List;

/** Held objects stay until the hold is lifted. */
final class HoldChecks {
  private HoldChecks() {}

  static List<StoreCheck> all() {
    return List.of(
        new StoreCheck(
            "a legal hold keeps an object until it is lifted",
            "Restore points under legal hold could be deleted.",
            StoreCapabilities::legalHold,
            HoldChecks::kept),
        new StoreCheck(
            "a legal hold that the store does not offer is refused",
            "Restore points would be taken for held and are not.",
            capabilities -> !capabilities.legalHold(),
            HoldChecks::refused));
  }

  private static void kept(StoreUnderTest under) {
    ObjectStore store = under.store();
    ObjectName name = new ObjectName("held");
    store.put(name, text("kept"));
    store.setLegalHold(name, true);
    store.setLegalHold(name, true);

    Expect.that(store.lockState(name).legalHold(), "the store does not tell of the hold");
    Expect.refusal(ErrorCode.STORE_LOCKED, "deleting it", () -> store.delete(name));

    store.setLegalHold(name, false);
    store.delete(name);
    Expect.that(store.stat(name).isEmpty(), "the object is there after the delete");
  }

  private static void refused(StoreUnderTest under) {
    ObjectName name = new ObjectName("held");
    under.store().put(name, text("kept"));

    Expect.refusal(
        ErrorCode.STORE_UNSUPPORTED, "a hold", () -> under.store().setLegalHold(name, true));
  }
}
