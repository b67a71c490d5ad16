package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * No damaged object is ever read as a good one; what it costs is named, and nothing else suffers.
 */
class DamageTest {
  private final Fixture fixture = new Fixture();
  private final byte[] one = Fixture.random(new SplittableRandom(1), 9 * CHUNK + 77);
  private final byte[] two = Fixture.random(new SplittableRandom(2), 9 * CHUNK + 77);
  private RestorePoint first;
  private RestorePoint second;

  @BeforeEach
  void twoPoints() {
    Repository repository = fixture.init();
    first = fixture.backUp(repository, Optional.empty(), one);
    second = fixture.backUp(repository, Optional.empty(), two);
  }

  @Test
  void aFlippedBitAnywhereIsFoundByTheOperatorAndNeverYieldsWrongData() {
    SplittableRandom random = new SplittableRandom(3);
    for (Map.Entry<String, byte[]> object : Fixture.objects(fixture.memory).entrySet()) {
      int length = object.getValue().length;
      int flips = Extent.of(60, 16);
      for (int i = 0; i < flips; i++) {
        // The first hundred bytes hold all headers; the rest is sampled.
        int at = i < flips / 2 ? random.nextInt(Math.min(length, 110)) : random.nextInt(length);
        byte[] bytes = object.getValue().clone();
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        String what = object.getKey() + " byte " + at;
        MemoryObjectStore damaged = with(object.getKey(), bytes);

        assertThat(OperatorCheck.run(damaged, VerifyReport.Progress.NONE).findings())
            .as(what)
            .anyMatch(finding -> finding.object().equals(object.getKey()));
        readsRightOrFails(damaged, what);
      }
    }
  }

  @Test
  void everyFlippedByteOfAPackIsFoundByVerifyWithTheRangeItCosts() {
    String pack = objectsOf("packs").getFirst();
    byte[] bytes = content(pack);
    for (int at = 0; at < bytes.length; at += 4999) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 0x10;
      VerifyReport report =
          fixture
              .open(with(pack, flipped))
              .verify(VerifyOptions.everything(), VerifyReport.Progress.NONE);

      assertThat(report.findings()).as("byte " + at).isNotEmpty();
      assertThat(report.findings()).allMatch(finding -> finding.object().equals(pack));
    }
  }

  @Test
  void aMissingPackIsNamedWithThePointDiskAndRangeAndTheOtherPointStays() {
    for (String pack : objectsOf("packs")) {
      MemoryObjectStore store = with(pack, null);
      Repository repository = fixture.open(store);
      VerifyReport report =
          repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE);

      assertThat(report.findings()).as(pack).isNotEmpty();
      assertThat(report.findings())
          .allSatisfy(
              finding -> {
                assertThat(finding.kind()).isEqualTo(VerifyReport.Kind.MISSING);
                assertThat(finding.object()).isEqualTo(pack);
                assertThat(finding.disk()).contains("vda");
                assertThat(finding.range()).isPresent();
              });
      List<PointId> hit =
          report.findings().stream().map(f -> f.point().orElseThrow()).distinct().toList();
      assertThat(hit).hasSize(1);
      boolean firstHit = hit.getFirst().equals(first.id());
      RestorePoint other = firstHit ? second : first;
      assertThat(Fixture.readDisk(repository, other.id(), 0)).isEqualTo(firstHit ? two : one);
      assertThatThrownBy(() -> Fixture.readDisk(repository, hit.getFirst(), 0))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.STORE_OBJECT_MISSING);
                assertThat(e).hasMessageContaining(pack).hasMessageContaining("disk vda");
              });
      assertThat(repository.verify(VerifyOptions.structure(), VerifyReport.Progress.NONE).whole())
          .isFalse();
      assertThat(OperatorCheck.run(store, VerifyReport.Progress.NONE).findings())
          .anyMatch(f -> f.object().equals(pack) && f.kind() == VerifyReport.Kind.MISSING);
    }
  }

  @Test
  void everyObjectOfAnUnknownVersionIsRefusedByName() {
    for (Map.Entry<String, byte[]> object : Fixture.objects(fixture.memory).entrySet()) {
      byte[] bytes = object.getValue().clone();
      bytes[9] = 2;
      // As a newer program would have written it: with a checksum that fits.
      byte[] sum = BlobCodec.sha256().digest(Arrays.copyOf(bytes, bytes.length - 32));
      System.arraycopy(sum, 0, bytes, bytes.length - 32, 32);
      MemoryObjectStore store = with(object.getKey(), bytes);

      assertThat(OperatorCheck.run(store, VerifyReport.Progress.NONE).findings())
          .anyMatch(f -> f.object().equals(object.getKey()) && f.detail().contains("version 2"));
      if (object.getKey().equals("format") || object.getKey().startsWith("keys/")) {
        assertThatThrownBy(() -> fixture.open(store))
            .isInstanceOfSatisfying(
                SendenseException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNKNOWN_VERSION));
      }
    }
  }

  @Test
  void aDamagedPointIsListedAsDamagedAndNeverLeftOut() {
    String name = "points/" + first.id();
    byte[] bytes = content(name);
    bytes[bytes.length - 40] ^= 1;
    Repository repository = fixture.open(with(name, bytes));

    assertThat(repository.catalogue().points()).containsExactly(second);
    assertThat(repository.catalogue().damaged())
        .singleElement()
        .satisfies(finding -> assertThat(finding.point()).contains(first.id()));
    assertThatThrownBy(() -> repository.read(first.id())).hasMessageContaining(name);
    assertThat(repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
        .anyMatch(finding -> finding.point().equals(Optional.of(first.id())));
  }

  @Test
  void withoutAnyIndexAllPointsReadAndTheIndexesAreRebuiltFromThePacks() {
    for (String index : objectsOf("indexes")) {
      fixture.memory.delete(new ObjectName(index));
    }
    Repository repository = fixture.open();
    assertThat(Fixture.readDisk(repository, first.id(), 0)).isEqualTo(one);
    assertThat(repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).whole())
        .isTrue();
    assertThat(OperatorCheck.run(fixture.memory, VerifyReport.Progress.NONE).findings()).hasSize(2);

    assertThat(repository.rebuildIndexes()).isEqualTo(objectsOf("packs").size());

    assertThat(OperatorCheck.run(fixture.memory, VerifyReport.Progress.NONE).findings()).isEmpty();
    RestorePoint again = fixture.backUp(fixture.open(), Optional.empty(), one);
    assertThat(again.statistics().chunksStored()).isZero();
  }

  @Test
  void twoPacksUnderEachOthersNamesAreRefused() {
    List<String> packs = objectsOf("packs");
    MemoryObjectStore swapped = with(packs.getFirst(), content(packs.getLast()));
    replace(swapped, packs.getLast(), content(packs.getFirst()));

    readsRightOrFails(swapped, "swapped");
    assertThat(OperatorCheck.run(swapped, VerifyReport.Progress.NONE).findings())
        .extracting(VerifyReport.Finding::object)
        .contains(packs.getFirst(), packs.getLast());
  }

  @Test
  void cutShortAndEmptyObjectsAreDamaged() {
    for (Map.Entry<String, byte[]> object : Fixture.objects(fixture.memory).entrySet()) {
      for (int length : new int[] {0, 1, 71, object.getValue().length - 1}) {
        MemoryObjectStore store = with(object.getKey(), Arrays.copyOf(object.getValue(), length));
        assertThat(OperatorCheck.run(store, VerifyReport.Progress.NONE).findings())
            .anyMatch(finding -> finding.object().equals(object.getKey()));
        readsRightOrFails(store, object.getKey() + " cut to " + length);
      }
    }
  }

  private void readsRightOrFails(MemoryObjectStore store, String what) {
    try {
      Repository repository = fixture.open(store);
      for (RestorePoint point : List.of(first, second)) {
        try {
          assertThat(Fixture.readDisk(repository, point.id(), 0))
              .as(what)
              .isEqualTo(point.equals(first) ? one : two);
        } catch (SendenseException e) {
          assertThat(Damage.isContent(e) || e.code() == ErrorCode.NOT_FOUND).as(what).isTrue();
        }
      }
    } catch (SendenseException e) {
      assertThat(Damage.isContent(e)).as(what + ": " + e).isTrue();
    }
  }

  private byte[] content(String name) {
    return fixture.memory.get(new ObjectName(name), 64 << 20);
  }

  private List<String> objectsOf(String folder) {
    return fixture.memory.list(folder).stream().map(o -> o.name().value()).toList();
  }

  /** A copy of the store with one object replaced, or gone where there is no content. */
  private MemoryObjectStore with(String name, byte @org.jspecify.annotations.Nullable [] content) {
    MemoryObjectStore copy = new MemoryObjectStore(fixture.clock);
    Fixture.objects(fixture.memory).forEach((each, bytes) -> copy.put(new ObjectName(each), bytes));
    copy.delete(new ObjectName(name));
    if (content != null) {
      copy.put(new ObjectName(name), content);
    }
    return copy;
  }

  private static void replace(MemoryObjectStore store, String name, byte[] content) {
    store.delete(new ObjectName(name));
    store.put(new ObjectName(name), content);
  }
}
