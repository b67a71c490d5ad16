package io.sendense.repository.format;

import java.util.ArrayList;
import java.util.List;

/**
 * A pack being filled, in a buffer that is used again for the next one. Used by one thread at a
 * time.
 */
final class PackBuilder {
  static final int PACK_BYTES_MAX = 64 << 20;
  static final int BLOBS_MAX = 16_384;

  private static final int CLEAR_BYTES = PackId.BYTES + 4;
  private static final int FIRST_BLOB = Envelope.HEADER_BYTES + CLEAR_BYTES;

  private final byte[] buffer;
  private final int fullBytes;
  private final List<PackEntry> entries = new ArrayList<>();
  private PackId id;
  private int end = FIRST_BLOB;

  /**
   * @param fullBytes blobs are added until the pack has this length
   * @param chunkBytesMax longest chunk that will be added
   */
  PackBuilder(PackId first, int fullBytes, int chunkBytesMax) {
    id = first;
    this.fullBytes = fullBytes;
    int list = BLOBS_MAX * PackEntry.BYTES + BlobCodec.TAG_BYTES + Envelope.CHECKSUM_BYTES;
    buffer = new byte[FIRST_BLOB + fullBytes + chunkBytesMax + BlobCodec.TAG_BYTES + list];
  }

  void begin(PackId next) {
    id = next;
    entries.clear();
    end = FIRST_BLOB;
  }

  Ref add(BlobCodec codec, int kind, byte[] blobId, byte[] raw, int rawBytes) {
    Ref ref = new Ref(blobId, codec.seal(id, kind, blobId, raw, rawBytes, buffer, end));
    entries.add(new PackEntry(kind, ref));
    end += ref.at().sealedBytes();
    return ref;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  boolean isFull() {
    return end - FIRST_BLOB >= fullBytes || entries.size() >= BLOBS_MAX;
  }

  PackId id() {
    return id;
  }

  /**
   * Writes header, list and checksum; returns the object's length in {@link #buffer}.
   *
   * @param sha256 takes that of the whole object
   */
  int finish(BlobCodec codec, Keys keys, byte[] salt, byte[] sha256) {
    ByteWriter clear = new ByteWriter();
    id.write(clear);
    clear.u32(entries.size());
    System.arraycopy(clear.toBytes(), 0, buffer, Envelope.HEADER_BYTES, CLEAR_BYTES);
    ByteWriter list = new ByteWriter();
    entries.forEach(entry -> entry.write(list));
    return Envelope.finish(
        buffer,
        ObjectType.PACK,
        keys.repositoryId(),
        keys.repositoryKey(),
        salt,
        CLEAR_BYTES,
        end - FIRST_BLOB,
        list.toBytes(),
        (data, offset, length, out, to) -> codec.checksum(data, offset, length, out, to, sha256));
  }

  byte[] buffer() {
    return buffer;
  }

  List<PackEntry> entries() {
    return List.copyOf(entries);
  }
}
