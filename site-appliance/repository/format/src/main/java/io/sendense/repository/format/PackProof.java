package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Proof that a store holds a pack just put, docs/formats/repository.md 6, rule 4: it tells the
 * checksum of it, or every byte read back is the one put; and one blob of it, drawn at random,
 * opens to its identity, so that what was put is what a reader needs.
 */
final class PackProof {
  /** Long enough for a store far away, short enough to stay in a processor's cache. */
  static final int SLICE_BYTES = 1 << 20;

  private static final int MARK_EVERY = 512;

  private PackProof() {}

  /**
   * @param sha256 of the whole object
   * @param slice of {@link #SLICE_BYTES}, to read back into
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED where the store holds something else
   */
  static void stored(
      ObjectStore store, ObjectName name, byte[] written, int length, byte[] sha256, byte[] slice) {
    if (!StoreProof.holds(store, name, sha256)) {
      readBack(store, name, written, length, slice);
    }
  }

  /**
   * Opens one blob of a pack whose bytes were proved and returns what an index has to say of it.
   *
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED where a reader could not use it
   */
  static PackRecord readable(
      CodecPool codecs, PackId id, byte[] bytes, int length, RandomGenerator random) {
    byte[] checksum = Arrays.copyOfRange(bytes, length - Envelope.CHECKSUM_BYTES, length);
    PackContent content = PackContent.parseWritten(checksum, codecs.keys(), id, bytes, length);
    PackEntry drawn = content.entries().get(random.nextInt(content.entries().size()));
    BlobCodec codec = codecs.borrow();
    try {
      if (content.isDamaged(codec, drawn)) {
        throw Damage.of(
            id.objectName().value(), "a blob of it does not open to what was sealed in it");
      }
    } finally {
      codecs.giveBack(codec);
    }
    return content.packRecord();
  }

  private static void readBack(
      ObjectStore store, ObjectName name, byte[] written, int length, byte[] slice) {
    for (int at = 0; at < length; at += SLICE_BYTES) {
      int count = Math.min(SLICE_BYTES, length - at);
      spoil(slice, written, at, count);
      StoreReads.range(store, name, at, slice, count);
      if (!Arrays.equals(slice, 0, count, written, at, at + count)) {
        throw Damage.of(name.value(), "read back after storing, it was not what had been written");
      }
    }
  }

  /** So that a store that reads nothing, or too little, cannot pass with what lay there before. */
  private static void spoil(byte[] slice, byte[] written, int at, int count) {
    for (int i = 0; i < count; i += MARK_EVERY) {
      slice[i] = (byte) ~written[at + i];
    }
    slice[count - 1] = (byte) ~written[at + count - 1];
  }
}
