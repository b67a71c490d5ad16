package io.sendense.repository.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.ReadOnlyObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every object store must do. A store passes by subclassing this with its one hook. */
public abstract class ObjectStoreContract {
  private ObjectStore store;

  /** An empty store. */
  protected abstract ObjectStore createStore() throws Exception;

  /** A second handle to the store made last, as another process would open it. */
  protected abstract ObjectStore reopenStore() throws Exception;

  @BeforeEach
  void create() throws Exception {
    store = createStore();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void anObjectReadsBackWholeAndInParts() throws Exception {
    byte[] content = random(3_000_001);
    ObjectName name = new ObjectName("packs/0000002a/a0/one");

    StoredObject stored = store.put(name, content);

    assertThat(stored.lengthBytes()).isEqualTo(content.length);
    assertThat(store.get(name, content.length)).isEqualTo(content);
    byte[] part = new byte[2_000_000];
    store.read(name, 999_999, part, 7, 1_999_990);
    assertThat(Arrays.copyOfRange(part, 7, 1_999_997))
        .isEqualTo(Arrays.copyOfRange(content, 999_999, 2_999_989));
    try (ObjectStore other = reopenStore()) {
      assertThat(other.get(name, content.length)).isEqualTo(content);
      assertThat(other.stat(name)).contains(stored);
    }
  }

  @Test
  void onlyTheGivenPartOfTheArrayIsStoredAndTheArrayMayBeUsedAgain() {
    byte[] content = text("..hello..");
    store.put(new ObjectName("a"), content, 2, 5);
    Arrays.fill(content, (byte) 0);

    assertThat(store.get(new ObjectName("a"), 10)).isEqualTo(text("hello"));
  }

  @Test
  void anEmptyObjectIsAnObject() {
    store.put(new ObjectName("empty"), new byte[0]);

    assertThat(store.get(new ObjectName("empty"), 0)).isEmpty();
    assertThat(store.stat(new ObjectName("empty")).orElseThrow().lengthBytes()).isZero();
  }

  @Test
  void aNameThatIsTakenIsRefusedAndTheOldObjectStays() {
    ObjectName name = new ObjectName("points/p");
    store.put(name, text("first"));

    assertCode(() -> store.put(name, text("second")), ErrorCode.ALREADY_EXISTS);
    assertThat(store.get(name, 100)).isEqualTo(text("first"));
  }

  @Test
  void ofManyWritersOfOneNameExactlyOneWins() throws Exception {
    ObjectName name = new ObjectName("intents/contested");
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      byte[] content = text("writer " + i);
      writers.add(
          () -> {
            try {
              store.put(name, content);
              return true;
            } catch (SendenseException e) {
              assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS);
              return false;
            }
          });
    }
    int winners = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (Future<Boolean> won : threads.invokeAll(writers)) {
        winners += won.get() ? 1 : 0;
      }
    }
    assertThat(winners).isEqualTo(1);
    assertThat(new String(store.get(name, 100), StandardCharsets.US_ASCII)).startsWith("writer ");
  }

  @Test
  void whatIsMissingIsSaidToBeMissing() {
    ObjectName name = new ObjectName("no/such/object");

    assertThat(store.stat(name)).isEmpty();
    assertThatThrownBy(() -> store.get(name, 10))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> {
              assertThat(StoreFailure.isMissing(e)).isTrue();
              assertThat(StoreFailure.isPermanent(e)).isTrue();
              assertThat(e).hasMessageContaining("no/such/object");
            });
    assertCode(() -> store.read(name, 0, new byte[1], 0, 1), ErrorCode.STORE_OBJECT_MISSING);
    store.delete(name);
  }

  @Test
  void aRangeBeyondTheObjectIsRefused() {
    ObjectName name = new ObjectName("ten");
    store.put(name, new byte[10]);

    assertCode(() -> store.read(name, 5, new byte[6], 0, 6), ErrorCode.BAD_ARGUMENT);
    assertCode(() -> store.read(name, 11, new byte[1], 0, 1), ErrorCode.BAD_ARGUMENT);
    assertCode(() -> store.get(name, 9), ErrorCode.BAD_ARGUMENT);
  }

  @Test
  void listingsAreWholeAscendingAndBelowTheFolderOnly() {
    List<String> names =
        List.of(
            "format",
            "packs/0/a",
            "packs/0/ab",
            "packs/0/b/c",
            "packs/1/a",
            "packs0",
            "points/x.1",
            "points/x-1",
            "points/00",
            "points/00/a");
    names.forEach(name -> store.put(new ObjectName(name), text(name)));

    assertThat(listed("")).isEqualTo(names.stream().sorted().toList());
    assertThat(listed("packs"))
        .containsExactly("packs/0/a", "packs/0/ab", "packs/0/b/c", "packs/1/a");
    assertThat(listed("packs/0")).containsExactly("packs/0/a", "packs/0/ab", "packs/0/b/c");
    assertThat(listed("pack")).isEmpty();
    assertThat(listed("points/00")).containsExactly("points/00/a");
    store.list("").forEach(o -> assertThat(store.stat(o.name())).as(o.name().value()).contains(o));
  }

  @Test
  void manyObjectsOfOneFolderAreAllListed() {
    for (int i = 0; i < 1200; i++) {
      store.put(new ObjectName("many/" + String.format("%08x", i * 7919)), new byte[] {(byte) i});
    }

    assertThat(listed("many")).hasSize(1200).isSorted();
  }

  @Test
  void aDeletedObjectIsGoneForEveryoneAndItsNameIsFree() throws Exception {
    ObjectName name = new ObjectName("intents/x");
    store.put(name, text("one"));
    store.delete(name);

    assertThat(store.list("intents")).isEmpty();
    try (ObjectStore other = reopenStore()) {
      assertThat(other.stat(name)).isEmpty();
    }
    store.put(name, text("two"));
    assertThat(store.get(name, 10)).isEqualTo(text("two"));
  }

  @Test
  void theStoresClockDoesNotRunBackwards() {
    StoredObject first = store.put(new ObjectName("t/1"), new byte[1]);
    StoredObject second = store.put(new ObjectName("t/2"), new byte[1]);

    assertThat(second.storedAt()).isAfterOrEqualTo(first.storedAt().minus(Duration.ofSeconds(1)));
  }

  @Test
  void aReadOnlyStoreReadsAndRefusesChanges() {
    ObjectName name = new ObjectName("a");
    store.put(name, text("a"));
    ObjectStore readOnly = new ReadOnlyObjectStore(store);

    assertThat(readOnly.get(name, 1)).isEqualTo(text("a"));
    assertThat(readOnly.capabilities().writable()).isFalse();
    assertCode(() -> readOnly.put(new ObjectName("b"), text("b")), ErrorCode.STORE_READ_ONLY);
    assertCode(() -> readOnly.delete(name), ErrorCode.STORE_READ_ONLY);
    assertThat(listed("")).containsExactly("a");
  }

  @Test
  void aLockSetByThePutForbidsDeletionUntilItsDate() {
    ObjectName name = new ObjectName("locked");
    for (LockMode mode : store.capabilities().lockModes()) {
      ObjectName one = new ObjectName("locked/" + mode.name().toLowerCase(Locale.ROOT));
      ObjectLock lock = new ObjectLock(mode, later(one, 2));
      store.put(one, text("kept"), 0, 4, Optional.of(lock));

      assertThat(store.lockState(one)).isEqualTo(new LockState(Optional.of(lock), false));
      assertThatThrownBy(() -> store.delete(one))
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_LOCKED))
          .hasMessageContaining(lock.until().toString());
      assertThat(store.get(one, 10)).isEqualTo(text("kept"));
    }
    for (LockMode mode : LockMode.values()) {
      if (!store.capabilities().lockModes().contains(mode)) {
        ObjectLock lock = new ObjectLock(mode, later(name, 2));
        assertCode(
            () -> store.put(name, text("kept"), 0, 4, Optional.of(lock)),
            ErrorCode.STORE_UNSUPPORTED);
        assertThat(store.stat(name)).isEmpty();
      }
    }
  }

  @Test
  void aLockIsMadeLongerAndNeverShorter() {
    for (LockMode mode : store.capabilities().lockModes()) {
      ObjectName name = new ObjectName("longer/" + mode.name().toLowerCase(Locale.ROOT));
      Instant until = later(name, 2);
      store.put(name, text("kept"), 0, 4, Optional.of(new ObjectLock(mode, until)));

      ObjectLock longer = new ObjectLock(mode, until.plusSeconds(600));
      store.extendLock(name, longer);
      store.extendLock(name, longer);

      assertThat(store.lockState(name).lock()).contains(longer);
      assertCode(() -> store.extendLock(name, new ObjectLock(mode, until)), ErrorCode.STORE_LOCKED);
      assertThat(store.lockState(name).lock()).contains(longer);
    }
  }

  @Test
  void anObjectPutWithoutALockCanBeLockedLater() {
    for (LockMode mode : store.capabilities().lockModes()) {
      ObjectName name = new ObjectName("late/" + mode.name().toLowerCase(Locale.ROOT));
      store.put(name, text("kept"));
      assertThat(store.lockState(name)).isEqualTo(LockState.FREE);

      store.extendLock(name, new ObjectLock(mode, later(name, 2)));

      assertCode(() -> store.delete(name), ErrorCode.STORE_LOCKED);
    }
  }

  @Test
  void aLegalHoldKeepsAnObjectUntilItIsLifted() {
    ObjectName name = new ObjectName("held");
    store.put(name, text("kept"));
    if (!store.capabilities().legalHold()) {
      assertCode(() -> store.setLegalHold(name, true), ErrorCode.STORE_UNSUPPORTED);
      return;
    }
    store.setLegalHold(name, true);
    store.setLegalHold(name, true);

    assertThat(store.lockState(name).legalHold()).isTrue();
    assertCode(() -> store.delete(name), ErrorCode.STORE_LOCKED);

    store.setLegalHold(name, false);
    store.delete(name);
    assertThat(store.stat(name)).isEmpty();
  }

  @Test
  void theStoresOwnChecksumIsThatOfTheContent() throws Exception {
    ObjectName name = new ObjectName("summed");
    byte[] content = random(1_000_003);
    store.put(name, content);

    Optional<byte[]> told = store.backendChecksum(name);

    assertThat(told.isPresent()).isEqualTo(store.capabilities().backendChecksum());
    if (told.isPresent()) {
      assertThat(told.get()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(content));
    }
  }

  @Test
  void anObjectMovesBetweenTiersWithItsContentAndItsTime() {
    ObjectName name = new ObjectName("tiered");
    StoredObject stored = store.put(name, text("kept"));
    assertThat(store.tierState(name)).isEqualTo(TierState.online(ObjectTier.HOT));

    for (ObjectTier tier : ObjectTier.values()) {
      if (!store.capabilities().tiers().contains(tier)) {
        assertCode(() -> store.moveTo(name, tier), ErrorCode.STORE_UNSUPPORTED);
        continue;
      }
      store.moveTo(name, tier);
      assertThat(store.tierState(name).tier()).isEqualTo(tier);
      assertThat(store.stat(name)).contains(stored);
      if (tier == ObjectTier.ARCHIVE) {
        assertCode(() -> store.get(name, 10), ErrorCode.STORE_ARCHIVED);
        store.moveTo(name, ObjectTier.HOT);
        store.moveTo(name, ObjectTier.HOT);
        assertThat(store.tierState(name).rehydrating() || store.tierState(name).readable())
            .isTrue();
      } else {
        assertThat(store.get(name, 10)).isEqualTo(text("kept"));
      }
    }
  }

  /** A date some minutes ahead on the store's clock, which a first small object tells. */
  private Instant later(ObjectName near, int minutes) {
    ObjectName probe = new ObjectName("clock/" + near.value());
    Instant now =
        store
            .stat(probe)
            .map(StoredObject::storedAt)
            .orElseGet(() -> store.put(probe, new byte[1]).storedAt());
    return now.plusSeconds(minutes * 60L).truncatedTo(ChronoUnit.SECONDS);
  }

  private List<String> listed(String folder) {
    return store.list(folder).stream().map(o -> o.name().value()).toList();
  }

  private static void assertCode(Runnable action, ErrorCode code) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(SendenseException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(7).nextBytes(bytes);
    return bytes;
  }
}
