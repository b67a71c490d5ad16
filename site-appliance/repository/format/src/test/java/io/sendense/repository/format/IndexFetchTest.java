package io.sendense.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Indexes read ahead, and by their tag alone. */
class IndexFetchTest {
  private static final Instant IN_TIME = Fixture.START.plusSeconds(3600);

  private final Fixture fixture = new Fixture();
  private final Keys keys = ((SealedRepository) fixture.init()).sealingKeys();
  private final Random random = new Random(5);
  private final UUID writer = IndexPublisher.randomId(fixture.environment.random());

  @Test
  void whatIsReadAheadComesAsAskedForAlsoWhereSomeAreLeftOut() {
    List<PackEntry> many = entries(IndexObject.BLOBS_MAX / 8);
    List<StoredObject> stored = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      List<PackRecord> packs = new ArrayList<>();
      for (int k = 0; k < 8; k++) {
        packs.add(new PackRecord(pack(writer, 8 * i + k), 1 << 20, new byte[32], many));
      }
      stored.add(put(packs, IN_TIME));
    }
    try (IndexFetch fetch = new IndexFetch(fixture.memory, keys, stored, () -> false)) {
      for (int i : new int[] {0, 1, 3, 5}) {
        IndexObject index = fetch.take(stored.get(i));
        assertThat(IndexObject.name(index.id())).isEqualTo(stored.get(i).name());
        assertThat(index.packs()).hasSize(8);
        assertThat(index.packs().getFirst().id()).isEqualTo(pack(writer, 8 * i));
        assertThat(index.packs().getLast().entries()).isEqualTo(many);
      }
    }
  }

  @Test
  void whereNamesAreEnoughOnlyWhatMovedOrIsLateComesWithItsBlobs() {
    StoredObject plain = put(List.of(record(writer)), IN_TIME);
    UUID collector = new UUID(writer.getMostSignificantBits() & 0xffffffffL, 7);
    StoredObject moved = put(List.of(record(collector)), IN_TIME);
    StoredObject late = put(List.of(record(writer)), Fixture.START.minusSeconds(60));
    try (IndexFetch fetch =
        new IndexFetch(fixture.memory, keys, List.of(plain, moved, late), () -> true)) {
      assertThat(fetch.take(plain).packs().getFirst().entries()).isEmpty();
      assertThat(fetch.take(moved).packs().getFirst().entries()).hasSize(3);
      assertThat(fetch.take(late).packs().getFirst().entries()).hasSize(3);
    }
  }

  @Test
  void aBitFlippedAnywhereBeforeTheChecksumIsDamageAlsoWhereNamesAreEnough() {
    StoredObject object = put(List.of(record(writer)), IN_TIME);
    byte[] good = fixture.memory.get(object.name(), IndexObject.BYTES_MAX);
    for (int at = 0; at < good.length - Envelope.CHECKSUM_BYTES; at++) {
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << (at % 8));
      SendenseException failure =
          catchThrowableOfType(
              SendenseException.class,
              () -> IndexObject.open(object.name(), bad, keys, index -> false));
      assertThat(failure).as("byte %d", at).isNotNull().matches(Damage::isContent);
    }
    assertThat(IndexObject.open(object.name(), good, keys, index -> false).packs()).hasSize(1);
  }

  private PackRecord record(UUID by) {
    return new PackRecord(pack(by, 1), 1 << 20, new byte[32], entries(3));
  }

  private static PackId pack(UUID by, int count) {
    return PackId.of(1, by, 0, count);
  }

  private List<PackEntry> entries(int count) {
    List<PackEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Location at = new Location(pack(writer, 0), 100 + i, 50, 65536);
      entries.add(
          new PackEntry(BlobCodec.CHUNK, new Ref(Fixture.random(random, Ref.ID_BYTES), at)));
    }
    return entries;
  }

  private StoredObject put(List<PackRecord> packs, Instant storedBy) {
    UUID id = IndexPublisher.randomId(fixture.environment.random());
    byte[] content =
        new IndexObject(id, List.of(), packs, Optional.of(storedBy))
            .encode(keys, IndexPublisher.salt(fixture.environment.random()));
    return fixture.memory.put(IndexObject.name(id), content);
  }
}
