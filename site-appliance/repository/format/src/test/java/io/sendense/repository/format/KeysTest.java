package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.testkit.FaultyObjectStore;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Secrets come and go and the repository's key is rotated, and nothing stored is touched. */
class KeysTest {
  private static final RepositorySecret OTHER = RepositorySecret.key(Fixture.filled(32, 9));

  private final Fixture fixture = new Fixture();
  private final byte[] disk = Fixture.random(new SplittableRandom(3), 5 * CHUNK);
  private final byte[] changed = Fixture.random(new SplittableRandom(4), 5 * CHUNK);

  /** A token in memory: "seals" by key and context, and refuses what another one sealed. */
  private record MemoryToken(int key) implements KeyToken {
    @Override
    public byte[] wrap(byte[] clear, byte[] context) {
      byte[] wrapped = new byte[clear.length + 1];
      wrapped[0] = (byte) (key ^ Arrays.hashCode(context));
      for (int i = 0; i < clear.length; i++) {
        wrapped[i + 1] = (byte) (clear[i] ^ key);
      }
      return wrapped;
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] context) {
      if (wrapped[0] != (byte) (key ^ Arrays.hashCode(context))) {
        throw new SendenseException(ErrorCode.WRONG_KEY, "sealed by another token", "");
      }
      byte[] clear = new byte[wrapped.length - 1];
      for (int i = 0; i < clear.length; i++) {
        clear[i] = (byte) (wrapped[i + 1] ^ key);
      }
      return clear;
    }
  }

  @Test
  void everySecretOpensTheSameRepositoryUntilItIsRemoved() {
    Repository repository = fixture.init();
    RestorePoint point = fixture.backUp(repository, Optional.empty(), disk);
    UUID passphrase =
        repository.keys().add(RepositorySecret.passphrase("correct horse".toCharArray()));
    UUID token = repository.keys().add(RepositorySecret.token(new MemoryToken(5)));

    assertThat(repository.keys().list())
        .extracting(RepositoryKeys.Holder::form)
        .containsExactlyInAnyOrder(
            RepositorySecret.Form.KEY,
            RepositorySecret.Form.PASSPHRASE,
            RepositorySecret.Form.TOKEN);
    assertThat(read(RepositorySecret.token(new MemoryToken(5)), point)).isEqualTo(disk);
    refused(RepositorySecret.token(new MemoryToken(6)), ErrorCode.WRONG_KEY);

    repository.keys().remove(token);
    refused(RepositorySecret.token(new MemoryToken(5)), ErrorCode.WRONG_KEY);
    assertThat(read(RepositorySecret.passphrase("correct horse".toCharArray()), point))
        .isEqualTo(disk);
    code(() -> repository.keys().remove(token), ErrorCode.NOT_FOUND);
    UUID used =
        repository.keys().list().stream()
            .filter(RepositoryKeys.Holder::used)
            .findFirst()
            .orElseThrow()
            .id();
    code(() -> repository.keys().remove(used), ErrorCode.FORBIDDEN);
    assertThat(repository.keys().list()).hasSize(2).anyMatch(h -> h.id().equals(passphrase));
  }

  @Test
  void twoWhoRemoveEachOthersSecretLeaveOneThatWorks() {
    fixture.init().keys().add(OTHER);
    Repository one = fixture.open();
    Repository two = open(OTHER);
    UUID first = used(one);
    UUID second = used(two);
    ObjectName firstName = KeyObject.name(first);
    byte[] kept = fixture.memory.get(firstName, 1 << 16);

    one.keys().remove(second);
    // The other has seen both before; it deletes ours and must notice that nothing remains.
    two.keys().remove(first);

    assertThat(fixture.memory.get(firstName, 1 << 16)).isEqualTo(kept);
    assertThat(fixture.open().keys().list()).hasSize(1);
  }

  @Test
  void afterARotationOldPointsOpenNewOnesAreSealedAnewAndOnlyTheNewSecretRemains() {
    Repository before = fixture.init();
    before.keys().add(RepositorySecret.passphrase("correct horse".toCharArray()));
    RestorePoint first = fixture.backUp(before, Optional.empty(), disk);
    Map<String, byte[]> sealed = Fixture.objects(fixture.memory);

    assertThat(before.keys().rotate(OTHER)).isEqualTo(1);

    refused(Fixture.SECRET, ErrorCode.WRONG_KEY);
    refused(RepositorySecret.passphrase("correct horse".toCharArray()), ErrorCode.WRONG_KEY);
    Repository after = open(OTHER);
    RestorePoint second = fixture.backUp(after, Optional.of(first.id()), changed);
    assertThat(after.keys().epoch()).isEqualTo(1);
    assertThat(Fixture.readDisk(after, first.id(), 0)).isEqualTo(disk);
    assertThat(Fixture.readDisk(after, second.id(), 0)).isEqualTo(changed);
    assertThat(second.disks().getFirst().root()).isNotEqualTo(first.disks().getFirst().root());
    assertThat(after.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
        .isEmpty();
    assertThat(OperatorCheck.run(fixture.memory, VerifyReport.Progress.NONE).findings()).isEmpty();
    Map<String, byte[]> now = Fixture.objects(fixture.memory);
    sealed.forEach(
        (name, content) -> {
          if (!name.startsWith("keys/")) {
            assertThat(now.get(name)).as(name).isEqualTo(content);
          }
        });
  }

  @Test
  void whoKeptAnOldKeyObjectReadsWhatWasSealedBeforeTheRotationAndNothingLater() {
    Repository before = fixture.init();
    RestorePoint first = fixture.backUp(before, Optional.empty(), disk);
    ObjectName oldKey = KeyObject.name(used(before));
    byte[] kept = fixture.memory.get(oldKey, 1 << 16);
    before.keys().rotate(OTHER);
    RestorePoint second = fixture.backUp(open(OTHER), Optional.of(first.id()), changed);

    fixture.memory.put(oldKey, kept);
    Repository old = fixture.open();

    assertThat(Fixture.readDisk(old, first.id(), 0)).isEqualTo(disk);
    code(() -> old.read(second.id()), ErrorCode.WRONG_KEY);
    assertThat(old.points()).extracting(RestorePoint::id).containsExactly(first.id());
    code(() -> old.beginPoint(fixture.draft(Optional.empty(), CHUNK)), ErrorCode.CONFLICT);
    code(() -> old.keys().add(Fixture.SECRET), ErrorCode.CONFLICT);
  }

  @Test
  void aWriterAtWorkFinishesUnderTheOldKeyAndTheNextOneAsksForTheNew() {
    Repository open = fixture.init();
    RestorePoint point;
    try (PointWriter writer = open.beginPoint(fixture.draft(Optional.empty(), disk.length))) {
      Fixture.writeChunk(writer, 0, disk, 0);
      fixture.open().keys().rotate(OTHER);
      for (int chunk = 1; chunk < 5; chunk++) {
        Fixture.writeChunk(writer, 0, disk, chunk);
      }
      point = writer.seal(Map.of());
    }

    assertThat(read(OTHER, point)).isEqualTo(disk);
    assertThat(Fixture.readDisk(open, point.id(), 0)).isEqualTo(disk);
    code(() -> open.beginPoint(fixture.draft(Optional.empty(), CHUNK)), ErrorCode.CONFLICT);
  }

  @Test
  @Tag("exhaustive")
  void aRotationThatDiesAtAnyStepLeavesARepositoryThatOldOrNewSecretOpens() {
    boolean survived = false;
    int rotated = 0;
    int k = 1;
    for (; !survived; k++) {
      assertThat(k).isLessThan(100);
      Fixture one = new Fixture();
      RestorePoint point = one.backUp(one.init(), Optional.empty(), disk);
      AtomicInteger steps = new AtomicInteger();
      int last = k;
      ObjectStore dying =
          new FaultyObjectStore(
              one.memory,
              (operation, what, done) -> {
                if (steps.incrementAndGet() >= last) {
                  throw StoreFailure.unavailable("a dead process", operation + " " + what, null);
                }
              });
      try {
        Repository.open(dying, Fixture.SECRET, one.environment).keys().rotate(OTHER);
      } catch (SendenseException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
      }
      survived = steps.get() < last;

      boolean fresh = opens(one, OTHER);
      rotated += fresh ? 1 : 0;
      Repository whole =
          Repository.open(one.memory, fresh ? OTHER : Fixture.SECRET, one.environment);
      assertThat(Fixture.readDisk(whole, point.id(), 0)).isEqualTo(disk);
      one.backUp(whole, Optional.of(point.id()), changed);
    }
    assertThat(rotated).isPositive().isLessThan(k - 1);
  }

  @Test
  void whereOldSecretsCannotBeRemovedARotationIsRefusedBeforeAnythingIsPut() {
    fixture.init();
    for (String rights : List.of("none", "intents/")) {
      ObjectStore appending =
          new ForwardingObjectStore(fixture.memory) {
            @Override
            public void delete(ObjectName name) {
              // As a bucket's policy does it, or another appliance, which looks at the name only.
              boolean there = rights.equals("none") && stat(name).isEmpty();
              if (!there && !name.value().startsWith(rights)) {
                throw StoreFailure.forbidden(describe(), name, null);
              }
              super.delete(name);
            }
          };
      Repository repository = Repository.open(appending, Fixture.SECRET, fixture.environment);

      assertThatThrownBy(() -> repository.keys().rotate(OTHER))
          .as(rights)
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN))
          .hasMessageContaining("was not rotated");
      assertThat(repository.keys().list()).as("key objects").hasSize(1);
      refused(OTHER, ErrorCode.WRONG_KEY);
    }
  }

  @Test
  void theLimitOfRotationsIsSaid() {
    KeyRing ring = KeyRing.of(List.of(new byte[32]));
    for (int i = 1; i < KeyRing.EPOCHS_MAX; i++) {
      ring = ring.next(new byte[32]);
    }
    KeyRing full = ring;

    assertThat(full.epoch()).isEqualTo(255);
    code(() -> full.next(new byte[32]), ErrorCode.LIMIT_REACHED);
    PackId last = PackId.of(1, new UUID(1, 2), 255, (1 << 24) - 1);
    assertThat(last.epoch()).isEqualTo(255);
    assertThat(PackId.of(last.objectName())).contains(last);
    code(() -> PackId.of(1, new UUID(1, 2), 0, 1 << 24), ErrorCode.LIMIT_REACHED);
  }

  private static boolean opens(Fixture fixture, RepositorySecret secret) {
    try {
      Repository.open(fixture.memory, secret, fixture.environment);
      return true;
    } catch (SendenseException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.WRONG_KEY);
      return false;
    }
  }

  private Repository open(RepositorySecret secret) {
    return Repository.open(fixture.memory, secret, fixture.environment);
  }

  private byte[] read(RepositorySecret secret, RestorePoint point) {
    return Fixture.readDisk(open(secret), point.id(), 0);
  }

  private static UUID used(Repository repository) {
    return repository.keys().list().stream()
        .filter(RepositoryKeys.Holder::used)
        .findFirst()
        .orElseThrow()
        .id();
  }

  private void refused(RepositorySecret secret, ErrorCode code) {
    code(() -> open(secret), code);
  }

  private static void code(Runnable action, ErrorCode code) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(SendenseException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
