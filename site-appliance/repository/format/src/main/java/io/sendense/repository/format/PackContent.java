package io.sendense.repository.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A pack read in full. Reading checks the envelope and the list; {@link #damagedBlobs} opens every
 * blob.
 */
final class PackContent {
  private final byte[] bytes;
  private final PackId id;
  private final byte[] checksum;
  private final int lengthBytes;
  private final List<PackEntry> entries;

  private PackContent(
      byte[] bytes, int lengthBytes, PackId id, byte[] checksum, List<PackEntry> entries) {
    this.bytes = bytes;
    this.lengthBytes = lengthBytes;
    this.id = id;
    this.checksum = checksum;
    this.entries = entries;
  }

  /**
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED, STORE_UNKNOWN_VERSION
   */
  static PackContent parse(BlobCodec codec, Keys keys, PackId id, byte[] bytes, int length) {
    return parse(codec::checksum, keys, id, bytes, length);
  }

  /**
   * As {@link #parse}, for a pack whose bytes are those that its checksum was computed from: it is
   * compared, and not computed again.
   */
  static PackContent parseWritten(byte[] checksum, Keys keys, PackId id, byte[] bytes, int length) {
    return parse(
        (data, offset, count, out, to) ->
            System.arraycopy(checksum, 0, out, to, Envelope.CHECKSUM_BYTES),
        keys,
        id,
        bytes,
        length);
  }

  private static PackContent parse(
      Envelope.Checksum checksum, Keys keys, PackId id, byte[] bytes, int length) {
    String object = id.objectName().value();
    Envelope envelope =
        Envelope.check(id.objectName(), ObjectType.PACK, bytes, length, checksum)
            .of(keys.repositoryId());
    int count = checkClear(envelope, id);
    ByteReader list = envelope.sealedSection(ObjectType.PACK, keys.repositoryKey());
    List<PackEntry> entries = new ArrayList<>(count);
    int expected = envelope.blobsOffset();
    for (int i = 0; i < count; i++) {
      PackEntry entry = PackEntry.read(list, id);
      Location at = entry.ref().at();
      if (!at.plausible(PackEntry.rawMax(entry.kind())) || at.offset() != expected) {
        throw Damage.of(object, "its list of blobs does not fit");
      }
      expected += at.sealedBytes();
      entries.add(entry);
    }
    list.end();
    if (expected != envelope.blobsOffset() + envelope.blobsBytes()) {
      throw Damage.of(object, "its list of blobs does not cover it");
    }
    return new PackContent(bytes, length, id, envelope.checksum(), entries);
  }

  /** Checks the clear section and returns the number of blobs it says. */
  static int checkClear(Envelope envelope, PackId id) {
    ByteReader clear = envelope.clearSection();
    if (!PackId.read(clear).equals(id)) {
      throw Damage.of(id.objectName().value(), "it says that it is another pack");
    }
    if (envelope.epoch() != id.epoch()) {
      throw Damage.of(id.objectName().value(), "its name and its header name two key epochs");
    }
    int count = clear.count(PackBuilder.BLOBS_MAX);
    clear.end();
    return count;
  }

  PackId id() {
    return id;
  }

  PackRecord packRecord() {
    return new PackRecord(id, lengthBytes, checksum, entries);
  }

  List<PackEntry> entries() {
    return entries;
  }

  /** Opens every blob and computes its id again; returns those that are not what they should be. */
  List<PackEntry> damagedBlobs(BlobCodec codec) {
    List<PackEntry> damaged = new ArrayList<>();
    for (PackEntry entry : entries) {
      if (isDamaged(codec, entry)) {
        damaged.add(entry);
      }
    }
    return damaged;
  }

  /** Opens one blob and computes its id again. */
  boolean isDamaged(BlobCodec codec, PackEntry entry) {
    Location at = entry.ref().at();
    byte[] raw = codec.chunkBuffer(at.rawBytes());
    if (!codec.open(entry.kind(), entry.ref().id(), at, bytes, at.offset(), raw, 0)) {
      return true;
    }
    if (entry.kind() == BlobCodec.CHUNK) {
      byte[] computed = new byte[Ref.ID_BYTES];
      codec.chunkId(raw, 0, at.rawBytes(), computed);
      return !entry.ref().hasId(computed);
    }
    byte[] node = Arrays.copyOf(raw, at.rawBytes());
    return !Node.decode(id.objectName().value(), node).hasId(codec, entry.ref().id());
  }
}
