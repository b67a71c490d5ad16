package io.sendense.repository.format;

import org.jspecify.annotations.Nullable;

/** What one chunk on its way through a writer needs: a codec, a pack being filled and buffers. */
final class Lane {
  final BlobCodec codec;
  @Nullable PackBuilder pack;

  Lane(BlobCodec codec) {
    this.codec = codec;
  }

  /** Seals a blob into this lane's pack and sends the pack off when it is full. */
  Ref store(PackUploads uploads, int kind, byte[] id, byte[] raw, int rawBytes) {
    PackBuilder current = pack;
    if (current == null) {
      current = uploads.take();
      pack = current;
    }
    Ref ref = current.add(codec, kind, id, raw, rawBytes);
    if (current.isFull()) {
      pack = null;
      uploads.submit(current);
    }
    return ref;
  }

  /** Sends off what is in the pack. */
  void flush(PackUploads uploads) {
    PackBuilder current = pack;
    pack = null;
    if (current == null) {
      return;
    }
    if (current.isEmpty()) {
      uploads.discard(current);
    } else {
      uploads.submit(current);
    }
  }
}
