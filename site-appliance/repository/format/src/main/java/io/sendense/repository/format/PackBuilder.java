package io.sendense.repository.format;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A pack being filled. Blobs are given their places one after the other and sealed there by many
 * threads at once. Thread-safe; once it was handed over it is one thread's.
 */
final class PackBuilder {
  static final int PACK_BYTES_MAX = 64 << 20;
  static final int BLOBS_MAX = 16_384;

  private static final int CLEAR_BYTES = PackId.BYTES + 4;
  private static final int FIRST_BLOB = Envelope.HEADER_BYTES + CLEAR_BYTES;
  private static final int AROUND_BYTES =
      FIRST_BLOB + BlobCodec.TAG_BYTES + Envelope.CHECKSUM_BYTES;

  private final PackId id;
  private final byte[] buffer;
  private final int fullBytes;
  private final Consumer<PackBuilder> handOver;
  private final List<PackEntry> entries = new ArrayList<>();
  private int end = FIRST_BLOB;
  private int sealing;
  private boolean closed;
  private boolean spoiled;

  /**
   * @param fullBytes blobs are added until they have this length
   * @param handOver called once, without a lock, by whoever closes the pack or seals the last blob
   *     of a closed one
   */
  PackBuilder(PackId id, byte[] buffer, int fullBytes, Consumer<PackBuilder> handOver) {
    this.id = id;
    this.buffer = buffer;
    this.fullBytes = fullBytes;
    this.handOver = handOver;
  }

  /** Bytes that a pack of blobs of a length needs, its list of them included. */
  static int capacity(int fullBytes, int blobBytesMax) {
    return AROUND_BYTES + fullBytes + fullBytes / 16 + blobBytesMax + 2 * PackEntry.BYTES;
  }

  /**
   * Gives a blob its place. The caller seals it there and then calls {@link #sealed}.
   *
   * @return null where the pack is closed, or closes because the blob does not fit
   */
  @Nullable Ref reserve(int kind, byte[] blobId, int sealedField, int rawBytes) {
    boolean last;
    synchronized (this) {
      if (closed) {
        return null;
      }
      Location at = new Location(id, end, sealedField, rawBytes);
      int list = (entries.size() + 1) * PackEntry.BYTES;
      if (end + at.sealedBytes() + list + AROUND_BYTES - FIRST_BLOB <= buffer.length) {
        Ref ref = new Ref(blobId, at);
        entries.add(new PackEntry(kind, ref));
        end += at.sealedBytes();
        sealing++;
        closed = end - FIRST_BLOB >= fullBytes || entries.size() >= BLOBS_MAX;
        return ref;
      }
      closed = true;
      last = sealing == 0;
    }
    if (last) {
      handOver.accept(this);
    }
    return null;
  }

  /**
   * A blob is sealed where {@link #reserve} said.
   *
   * @param good false where that failed; the pack can then not be stored
   */
  void sealed(boolean good) {
    boolean last;
    synchronized (this) {
      sealing--;
      spoiled |= !good;
      last = closed && sealing == 0;
    }
    if (last) {
      handOver.accept(this);
    }
  }

  /** Takes no more blobs; handed over when those reserved are sealed. Closing again is nothing. */
  void close() {
    boolean last;
    synchronized (this) {
      last = !closed && sealing == 0;
      closed = true;
    }
    if (last) {
      handOver.accept(this);
    }
  }

  /** As {@link #close}, but nothing of it will be stored. */
  void giveUp() {
    synchronized (this) {
      spoiled = true;
    }
    close();
  }

  synchronized boolean isOpen() {
    return !closed;
  }

  synchronized int filledBytes() {
    return end - FIRST_BLOB;
  }

  synchronized boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Whether something in it could not be sealed, or it was given up. */
  synchronized boolean isSpoiled() {
    return spoiled;
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
}
