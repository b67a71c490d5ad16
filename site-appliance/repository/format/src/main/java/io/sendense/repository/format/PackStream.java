package io.sendense.repository.format;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Where one writer's blobs of one sort go: into its open pack, and into the next when that is full
 * or was closed early for others. Thread-safe: blobs are compressed and sealed by many threads at
 * once, and only their places are given one after the other.
 */
final class PackStream {
  private final PackUploads uploads;
  private final int blobBytesMax;
  private int wantedBytes;

  /** Written under this lock only. */
  private volatile @Nullable PackBuilder current;

  private PackStream(PackUploads uploads, int blobBytesMax, int firstBytes) {
    this.uploads = uploads;
    this.blobBytesMax = blobBytesMax;
    wantedBytes = firstBytes;
  }

  static PackStream ofChunks(PackUploads uploads, int chunkBytesMax) {
    return new PackStream(uploads, chunkBytesMax + BlobCodec.TAG_BYTES, Integer.MAX_VALUE);
  }

  /** Most writers have few nodes: the first pack is small, the next ones are larger. */
  static PackStream ofNodes(PackUploads uploads) {
    return new PackStream(uploads, Node.BYTES_MAX + BlobCodec.TAG_BYTES, 128 << 10);
  }

  /** Seals a blob into the open pack. Waits for memory where it needs a new one. */
  Ref store(BlobCodec codec, int kind, byte[] id, byte[] raw, int rawBytes) {
    int sealedField = codec.compress(kind, raw, rawBytes);
    return seal(
        kind, id, sealedField, rawBytes, (ref, pack) -> codec.seal(kind, ref, raw, pack.buffer()));
  }

  /** The same with a chunk of another repository, packed as it was at {@code was}. */
  Ref storePacked(BlobCodec codec, Ref was, byte[] packedBytes) {
    return seal(
        BlobCodec.CHUNK,
        was.id(),
        was.at().sealedField(),
        was.at().rawBytes(),
        (ref, pack) -> codec.sealPacked(ref, packedBytes, pack.buffer()));
  }

  private Ref seal(
      int kind, byte[] id, int sealedField, int rawBytes, BiConsumer<Ref, PackBuilder> sealing) {
    PackBuilder pack;
    Ref ref;
    synchronized (this) {
      pack = current;
      ref = pack == null ? null : pack.reserve(kind, id, sealedField, rawBytes);
      if (pack == null || ref == null) {
        pack = uploads.take(wantedBytes, blobBytesMax);
        current = pack;
        wantedBytes = (int) Math.min(4L * wantedBytes, Integer.MAX_VALUE);
        ref = pack.reserve(kind, id, sealedField, rawBytes);
        if (ref == null) {
          throw new IllegalStateException("a blob of " + rawBytes + " bytes fits no empty pack");
        }
        uploads.opened(pack);
      }
    }
    boolean good = false;
    try {
      sealing.accept(ref, pack);
      good = true;
    } finally {
      pack.sealed(good);
    }
    return ref;
  }

  /** Waits, where the next blob needs a new pack, until few enough are on their way. */
  void awaitRoom() {
    PackBuilder pack = current;
    if (pack == null || !pack.isOpen()) {
      uploads.awaitRoom();
    }
  }

  /** Sends off what is in the open pack. */
  synchronized void flush() {
    PackBuilder pack = current;
    current = null;
    if (pack != null) {
      pack.close();
    }
  }

  /** Gives up what is in the open pack. */
  synchronized void discard() {
    PackBuilder pack = current;
    current = null;
    if (pack != null) {
      pack.giveUp();
    }
  }
}
