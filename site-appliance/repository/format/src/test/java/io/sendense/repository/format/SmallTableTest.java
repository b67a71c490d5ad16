package io.sendense.repository.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.repository.memory.MemoryObjectStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A repository with more blobs than the table of duplicates has room for. */
class SmallTableTest {
  private static final int TABLE_BYTES = 1 << 16;
  private static final int BLOBS = 2000;

  private final Random random = new Random(3);
  private final Environment environment =
      Environment.of(InstantSource.system(), new SecureRandom());

  @Test
  void everyPackCountsAsCoveredAndEveryBlobIsFoundForReading() {
    MemoryObjectStore store = new MemoryObjectStore(InstantSource.system());
    Repository repository =
        Repository.init(
            store,
            RepositorySecret.key(Fixture.filled(32, 1)),
            RepositorySettings.defaults(),
            environment);
    Keys keys = ((SealedRepository) repository).sealingKeys();
    List<PackRecord> packs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      packs.add(publish(store, keys));
    }
    KnownBlobs known =
        new KnownBlobs(
            store, keys, TABLE_BYTES, new DamageMarks(store, keys, environment.random()));
    known.refresh();
    int reusable = 0;
    for (PackRecord pack : packs) {
      assertThat(known.covers(pack.id())).isTrue();
      PackEntry entry = pack.entries().getLast();
      reusable += known.find(entry.ref().id(), 65536) == null ? 0 : 1;
      KnownBlobs.Hit hit =
          Objects.requireNonNull(
              known.findLoading(entry.ref().id(), entry.ref().at().rawBytes()), "not found");
      assertThat(hit.at()).isEqualTo(entry.ref().at());
    }
    assertThat(reusable).isLessThan(packs.size());
    assertThat(known.indexIds()).hasSize(4);
    PackId other = packs.getFirst().id();
    assertThat(known.covers(new PackId(other.generation(), other.writer(), 77))).isFalse();
  }

  private PackRecord publish(MemoryObjectStore store, Keys keys) {
    PackId pack = PackId.of(1, IndexPublisher.randomId(environment.random()), 0, 5);
    List<PackEntry> entries = new ArrayList<>();
    for (int i = 0; i < BLOBS; i++) {
      byte[] id = new byte[Ref.ID_BYTES];
      random.nextBytes(id);
      entries.add(
          new PackEntry(BlobCodec.CHUNK, new Ref(id, new Location(pack, 100 + i, 50, 65536))));
    }
    PackRecord record = new PackRecord(pack, 1 << 20, new byte[32], entries);
    UUID index = IndexPublisher.randomId(environment.random());
    Instant storedBy = environment.clock().instant().plus(Duration.ofDays(1));
    store.put(
        IndexObject.name(index),
        new IndexObject(index, List.of(), List.of(record), Optional.of(storedBy))
            .encode(keys, IndexPublisher.salt(environment.random())));
    return record;
  }
}
