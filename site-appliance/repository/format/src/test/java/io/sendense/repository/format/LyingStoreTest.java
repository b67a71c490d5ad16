package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoreFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A store that keeps something else than it was given makes no point, however little it changed.
 */
class LyingStoreTest {
  private static final byte[] DISK = Fixture.random(new SplittableRandom(1), 9 * CHUNK);

  private final Fixture fixture = new Fixture();
  private final MemoryObjectStore memory =
      new MemoryObjectStore(fixture.clock, StoreCapabilities.NONE);

  @BeforeEach
  void aRepository() {
    Repository.init(memory, Fixture.SECRET, Fixture.settings(), fixture.environment).close();
  }

  @Test
  void anHonestStoreTakesABackup() {
    assertThat(backUp(memory).statistics().chunksStored()).isEqualTo(9);
  }

  @Test
  void aFlippedBitAnywhereInAPackFailsTheBackup() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 200; i++) {
      // Header, clear section and the first blob; the list and the checksum; and anywhere.
      int from = i < 40 ? 110 : i < 80 ? -110 : 0;
      int mask = 1 << random.nextInt(8);
      long seed = random.nextLong();
      assertRefused(
          "flip " + i,
          reading(
              (content, length) -> {
                SplittableRandom place = new SplittableRandom(seed);
                int at = from == 0 ? place.nextInt(length) : place.nextInt(110);
                content[from < 0 ? length - 1 - at : at] ^= (byte) mask;
              }));
    }
  }

  @Test
  void zerosInsteadOfAPackFailTheBackup() {
    assertRefused("zeros", reading((content, length) -> Arrays.fill(content, (byte) 0)));
    assertRefused(
        "a last block of zeros",
        reading((content, length) -> Arrays.fill(content, length - 512, length, (byte) 0)));
  }

  @Test
  void aPackCutShortFailsTheBackup() {
    for (int missing : List.of(1, 32, 5000)) {
      assertRefused("short by " + missing, cutting(missing));
    }
  }

  @Test
  void aReadThatGivesNothingFailsTheBackup() {
    ObjectStore silent =
        new ForwardingObjectStore(memory) {
          @Override
          public void read(ObjectName name, long position, byte[] target, int offset, int length) {
            if (!name.value().startsWith(PackId.FOLDER)) {
              super.read(name, position, target, offset, length);
            }
          }
        };
    assertRefused("nothing read", silent);
  }

  @Test
  void aPackSealedWithAnotherKeyIsRefusedAlthoughTheStoreKeepsIt() {
    Keys right = keys(1, 2);
    assertThat(proveSealedBy(right, right).entries()).hasSize(1);
    assertThatThrownBy(() -> proveSealedBy(keys(3, 2), right))
        .hasMessageContaining("does not open to what was sealed in it");
    assertThatThrownBy(() -> proveSealedBy(keys(1, 3), right))
        .hasMessageContaining("does not open to what was sealed in it");
  }

  /** Seals one chunk with some keys into a pack that is otherwise the repository's. */
  private static PackRecord proveSealedBy(Keys sealing, Keys right) {
    PackId id = PackId.of(1, new UUID(5, 6), 0, 0);
    PackBuilder pack = new PackBuilder(id, new byte[1 << 20], 1 << 19, full -> {});
    try (BlobCodec codec = new BlobCodec(sealing);
        CodecPool codecs = new CodecPool(right)) {
      byte[] raw = Fixture.random(new SplittableRandom(4), CHUNK);
      byte[] chunkId = new byte[Ref.ID_BYTES];
      codec.chunkId(raw, 0, CHUNK, chunkId);
      int field = codec.compress(BlobCodec.CHUNK, raw, CHUNK);
      Ref ref =
          java.util.Objects.requireNonNull(pack.reserve(BlobCodec.CHUNK, chunkId, field, CHUNK));
      codec.seal(BlobCodec.CHUNK, ref, raw, pack.buffer());
      pack.sealed(true);
      int length = pack.finish(codec, right, new byte[Envelope.SALT_BYTES], new byte[32]);
      return PackProof.readable(codecs, id, pack.buffer(), length, new SplittableRandom(5));
    }
  }

  private static Keys keys(int repository, int identity) {
    return new Keys(
        new UUID(1, 2),
        KeyRing.of(List.of(Fixture.filled(32, repository))),
        Fixture.filled(32, identity));
  }

  private interface Lie {
    void change(byte[] content, int length);
  }

  /** Reads packs as they are kept, but for the lie. */
  private ObjectStore reading(Lie lie) {
    return new ForwardingObjectStore(memory) {
      @Override
      public void read(ObjectName name, long position, byte[] target, int offset, int length) {
        super.read(name, position, target, offset, length);
        if (name.value().startsWith(PackId.FOLDER)) {
          byte[] whole = super.get(name, 64 << 20);
          lie.change(whole, whole.length);
          System.arraycopy(whole, (int) position, target, offset, length);
        }
      }
    };
  }

  private ObjectStore cutting(int missing) {
    return new ForwardingObjectStore(memory) {
      @Override
      public void read(ObjectName name, long position, byte[] target, int offset, int length) {
        long kept = stat(name).orElseThrow().lengthBytes() - missing;
        if (name.value().startsWith(PackId.FOLDER) && position + length > kept) {
          throw StoreFailure.badRange(describe(), name, position, length, kept);
        }
        super.read(name, position, target, offset, length);
      }
    };
  }

  private void assertRefused(String what, ObjectStore lying) {
    assertThatThrownBy(() -> backUp(lying))
        .as(what)
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_DAMAGED));
    assertThat(memory.list(PointObject.FOLDER)).isEmpty();
    memory.list(PackId.FOLDER).forEach(pack -> memory.delete(pack.name()));
    memory.list(IntentObject.FOLDER).forEach(intent -> memory.delete(intent.name()));
  }

  private RestorePoint backUp(ObjectStore store) {
    try (Repository repository = fixture.open(store)) {
      return fixture.backUp(repository, Optional.empty(), DISK);
    }
  }
}
