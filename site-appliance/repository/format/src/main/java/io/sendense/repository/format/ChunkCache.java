package io.sendense.repository.format;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last few opened chunks, for readers whose requests are smaller than a chunk. Thread-safe; two
 * threads that want the same chunk open it once.
 */
final class ChunkCache {
  private static final int BYTES_MAX = 16 << 20;

  private final BlobSource blobs;
  private final Map<Location, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private int bytes;

  ChunkCache(BlobSource blobs) {
    this.blobs = blobs;
  }

  private static final class Entry {
    private final Ref ref;
    private byte[] content = new byte[0];

    Entry(Ref ref) {
      this.ref = ref;
    }

    /** A failure is not kept: the next reader tries again. */
    synchronized byte[] content(BlobSource blobs) {
      if (content.length == 0) {
        byte[] opened = new byte[ref.at().rawBytes()];
        BlobCodec codec = blobs.codecs().borrow();
        try {
          blobs.chunk(codec, ref, opened, 0);
        } finally {
          blobs.codecs().giveBack(codec);
        }
        content = opened;
      }
      return content;
    }
  }

  /** The chunk's bytes, which the caller does not change. */
  byte[] get(Ref chunk) {
    Entry entry;
    synchronized (entries) {
      entry = entries.get(chunk.at());
      if (entry == null) {
        entry = new Entry(chunk);
        entries.put(chunk.at(), entry);
        bytes += chunk.at().rawBytes();
        while (bytes > BYTES_MAX && entries.size() > 1) {
          Location eldest = entries.keySet().iterator().next();
          entries.remove(eldest);
          bytes -= eldest.rawBytes();
        }
      }
    }
    return entry.content(blobs);
  }

  void clear() {
    synchronized (entries) {
      entries.clear();
      bytes = 0;
    }
  }
}
