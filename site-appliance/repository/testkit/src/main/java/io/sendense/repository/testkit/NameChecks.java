package io.sendense.repository.testkit;

import static io.sendense.repository.testkit.Samples.listed;
import static io.sendense.repository.testkit.Samples.text;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ReadOnlyObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A name is taken once, and free again only after a delete. */
final class NameChecks {
  private static final int WRITERS = 16;

  private NameChecks() {}

  static List<StoreCheck> all() {
    return List.of(
        StoreCheck.always(
            "a name that is taken is refused, and the old object stays",
            "A restore point could be overwritten.",
            NameChecks::takenName),
        StoreCheck.always(
            "of many writers of one name exactly one wins",
            "Two appliances writing at once could destroy each other's objects.",
            NameChecks::contestedName),
        StoreCheck.always(
            "what is missing is said to be missing",
            "Missing data would be taken for a passing fault, or a fault for missing data.",
            NameChecks::missing),
        StoreCheck.always(
            "a deleted object is gone for everyone, and its name is free",
            "Space would never come back, or writers would stumble over what was deleted.",
            NameChecks::deleted),
        StoreCheck.always(
            "the store's clock does not run backwards",
            "Deletion of old data goes by this clock and could take data still needed.",
            NameChecks::clock),
        StoreCheck.always(
            "a read-only store reads, and refuses changes",
            "A store opened for reading could be changed.",
            NameChecks::readOnly));
  }

  private static void takenName(StoreUnderTest under) {
    ObjectStore store = under.store();
    ObjectName name = new ObjectName("points/p");
    store.put(name, text("first"));

    Expect.refusal(ErrorCode.ALREADY_EXISTS, "a second put", () -> store.put(name, text("second")));
    Expect.same(store.get(name, 100), text("first"), "the object");
  }

  private static void contestedName(StoreUnderTest under) throws Exception {
    ObjectStore store = under.store();
    ObjectName name = new ObjectName("intents/contested");
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      byte[] content = text("writer " + i);
      writers.add(() -> wins(store, name, content));
    }
    int winners = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      for (Future<Boolean> won : threads.invokeAll(writers)) {
        winners += won.get() ? 1 : 0;
      }
    }
    Expect.equal(winners, 1, "the number of writers that were told they won");
    String content = new String(store.get(name, 100), StandardCharsets.US_ASCII);
    Expect.that(content.startsWith("writer "), "the object is of none of the writers");
  }

  private static boolean wins(ObjectStore store, ObjectName name, byte[] content) {
    try {
      store.put(name, content);
      return true;
    } catch (SendenseException e) {
      Expect.equal(e.code(), ErrorCode.ALREADY_EXISTS, "the failure of one that lost (" + e + ")");
      return false;
    }
  }

  private static void missing(StoreUnderTest under) {
    ObjectStore store = under.store();
    ObjectName name = new ObjectName("no/such/object");

    Expect.that(store.stat(name).isEmpty(), "stat tells of an object that was never put");
    SendenseException failure =
        Expect.refusal(
            ErrorCode.STORE_OBJECT_MISSING, "getting what is missing", () -> store.get(name, 10));
    Expect.that(StoreFailure.isPermanent(failure), "it is said to be passing");
    Expect.that(
        String.valueOf(failure.getMessage()).contains("no/such/object"),
        "the failure does not name the object: " + failure);
    Expect.refusal(
        ErrorCode.STORE_OBJECT_MISSING,
        "reading what is missing",
        () -> store.read(name, 0, new byte[1], 0, 1));
    Expect.refusal(
        ErrorCode.STORE_OBJECT_MISSING,
        "asking for the checksum of what is missing",
        () -> store.backendChecksum(name));
    Expect.refusal(
        ErrorCode.STORE_OBJECT_MISSING,
        "asking for the lock of what is missing",
        () -> store.lockState(name));
    store.delete(name);
  }

  private static void deleted(StoreUnderTest under) throws Exception {
    ObjectStore store = under.store();
    ObjectName name = new ObjectName("intents/x");
    store.put(name, text("one"));
    store.delete(name);

    Expect.equal(listed(store, "intents"), List.of(), "the listing after the delete");
    try (ObjectStore other = under.reopen().call()) {
      Expect.that(other.stat(name).isEmpty(), "another process still sees the object");
    }
    store.put(name, text("two"));
    Expect.same(store.get(name, 10), text("two"), "the object put after the delete");
  }

  private static void clock(StoreUnderTest under) {
    StoredObject first = under.store().put(new ObjectName("t/1"), new byte[1]);
    StoredObject second = under.store().put(new ObjectName("t/2"), new byte[1]);

    Expect.that(
        !second.storedAt().isBefore(first.storedAt().minus(Duration.ofSeconds(1))),
        "the second object is from " + second.storedAt() + ", the first " + first.storedAt());
  }

  private static void readOnly(StoreUnderTest under) {
    ObjectName name = new ObjectName("a");
    under.store().put(name, text("a"));
    ObjectStore readOnly = new ReadOnlyObjectStore(under.store());

    Expect.same(readOnly.get(name, 1), text("a"), "the object");
    Expect.that(!readOnly.capabilities().writable(), "it says that it is writable");
    Expect.refusal(
        ErrorCode.STORE_READ_ONLY, "a put", () -> readOnly.put(new ObjectName("b"), text("b")));
    Expect.refusal(ErrorCode.STORE_READ_ONLY, "a delete", () -> readOnly.delete(name));
    Expect.equal(listed(readOnly, ""), List.of("a"), "the listing");
  }
}
