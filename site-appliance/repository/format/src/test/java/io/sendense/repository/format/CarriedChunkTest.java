package io.sendense.repository.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A chunk on its way from one repository to another of the tenant, never unpacked. */
class CarriedChunkTest {
  private static final int CHUNK = Fixture.CHUNK;
  private static final PackId NEAR = PackId.of(1, new UUID(5, 6), 0, 0);
  private static final PackId FAR = PackId.of(1, new UUID(7, 8), 0, 3);

  private final BlobCodec near = codec(1);
  private final BlobCodec far = codec(2);
  private final SplittableRandom random = new SplittableRandom(4);

  @Test
  void whatWasPackedHereOpensThereUnderItsId() {
    for (byte[] raw : List.of(Fixture.compressible(random, CHUNK), Fixture.random(random, CHUNK))) {
      byte[] pack = new byte[2 * CHUNK];
      Ref here = seal(raw, pack);
      byte[] sealed = sealed(pack, here);
      byte[] packed = new byte[CHUNK + BlobCodec.TAG_BYTES];
      assertThat(near.unseal(here, sealed, packed)).isTrue();

      byte[] target = new byte[2 * CHUNK];
      Location there = new Location(FAR, 100, here.at().sealedField(), here.at().rawBytes());
      far.sealPacked(new Ref(here.id(), there), packed, target);
      byte[] opened = new byte[CHUNK];
      assertThat(far.open(BlobCodec.CHUNK, here.id(), there, target, 100, opened, 0)).isTrue();
      assertThat(opened).isEqualTo(raw);
      assertThat(there.sealedBytes()).isEqualTo(here.at().sealedBytes());
      assertThat(near.open(BlobCodec.CHUNK, here.id(), there, target, 100, opened, 0)).isFalse();
    }
  }

  @Test
  void aFlippedBitIsNotCarried() {
    byte[] pack = new byte[2 * CHUNK];
    Ref here = seal(Fixture.compressible(random, CHUNK), pack);
    byte[] sealed = sealed(pack, here);
    for (int at : new int[] {0, sealed.length / 2, sealed.length - 1}) {
      byte[] damaged = sealed.clone();
      damaged[at] ^= 1;
      assertThat(near.unseal(here, damaged, new byte[CHUNK + BlobCodec.TAG_BYTES])).isFalse();
    }
  }

  @Test
  void anotherChunksIdIsNotCarried() {
    byte[] pack = new byte[2 * CHUNK];
    Ref here = seal(Fixture.compressible(random, CHUNK), pack);
    byte[] other = here.id().clone();
    other[31] ^= 1;
    assertThat(
            near.unseal(
                new Ref(other, here.at()),
                sealed(pack, here),
                new byte[CHUNK + BlobCodec.TAG_BYTES]))
        .isFalse();
  }

  private Ref seal(byte[] raw, byte[] pack) {
    byte[] id = new byte[Ref.ID_BYTES];
    near.chunkId(raw, 0, CHUNK, id);
    int sealedField = near.compress(BlobCodec.CHUNK, raw, CHUNK);
    Ref ref = new Ref(id, new Location(NEAR, 50, sealedField, CHUNK));
    near.seal(BlobCodec.CHUNK, ref, raw, pack);
    return ref;
  }

  private static byte[] sealed(byte[] pack, Ref ref) {
    return Arrays.copyOfRange(pack, ref.at().offset(), ref.at().offset() + ref.at().sealedBytes());
  }

  /** Repositories of one tenant: other keys for sealing, the same for identities. */
  private static BlobCodec codec(int repository) {
    return new BlobCodec(
        new Keys(
            new UUID(1, repository),
            KeyRing.of(List.of(Fixture.filled(32, repository))),
            Fixture.filled(32, 9)));
  }
}
