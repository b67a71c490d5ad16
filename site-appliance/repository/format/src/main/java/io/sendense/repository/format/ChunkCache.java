package io.sendense.repository.format;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last few opened chunks of a repository, for readers whose requests are smaller than a chunk.
 * All readers share them, so that many at once hold no more than one, and what two points have in
 * common is opened once. Thread-safe; two threads that want the same chunk open it once.
 */
final class ChunkCache {
  /** What four streams of an NBD client have under way, so that no chunk is opened twice. */
  private static final int BYTES_MAX = 64 << 20;

  private static final int SPARE_MAX = 8;

  private final BlobSource blobs;
  private final Map<Location, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  /** Buffers of chunks that went, for the next ones; direct, as sockets want them. */
  private final Deque<ByteBuffer> spare = new ArrayDeque<>();

  private int bytes;
  private int users;

  ChunkCache(BlobSource blobs) {
    this.blobs = blobs;
  }

  /** One chunk; its count of readers and whether it went are guarded by the map. */
  private static final class Entry {
    private final Ref ref;
    private ByteBuffer content = ByteBuffer.allocate(0);
    private boolean open;
    private int readers;
    private boolean gone;

    Entry(Ref ref) {
      this.ref = ref;
    }
  }

  /** Copies a part of the chunk into {@code target}. */
  void copy(Ref chunk, int from, int length, ByteBuffer target) {
    Entry entry = enter(chunk);
    try {
      target.put(opened(entry).slice(from, length));
    } finally {
      leave(entry);
    }
  }

  /** Somebody begins to read. */
  void join() {
    synchronized (entries) {
      users++;
    }
  }

  /** Somebody reads no more; nothing is kept for nobody. */
  void part() {
    synchronized (entries) {
      users--;
      if (users > 0) {
        return;
      }
      while (!entries.isEmpty()) {
        removeEldest();
      }
      spare.clear();
    }
  }

  private Entry enter(Ref chunk) {
    synchronized (entries) {
      Entry entry = entries.get(chunk.at());
      if (entry == null) {
        entry = new Entry(chunk);
        entries.put(chunk.at(), entry);
        bytes += chunk.at().rawBytes();
        while (bytes > BYTES_MAX && entries.size() > 1) {
          removeEldest();
        }
      }
      entry.readers++;
      return entry;
    }
  }

  /** A failure is not kept: the next reader tries again. */
  private ByteBuffer opened(Entry entry) {
    synchronized (entry) {
      if (!entry.open) {
        int length = entry.ref.at().rawBytes();
        if (entry.content.capacity() != length) {
          entry.content = buffer(length);
        }
        BlobCodec codec = blobs.codecs().borrow();
        try {
          blobs.chunk(codec, entry.ref, entry.content);
        } finally {
          blobs.codecs().giveBack(codec);
        }
        entry.open = true;
      }
      return entry.content;
    }
  }

  private void leave(Entry entry) {
    synchronized (entries) {
      entry.readers--;
      useAgain(entry);
    }
  }

  private void removeEldest() {
    Location eldest = entries.keySet().iterator().next();
    Entry entry = entries.remove(eldest);
    bytes -= eldest.rawBytes();
    if (entry != null) {
      entry.gone = true;
      useAgain(entry);
    }
  }

  private void useAgain(Entry entry) {
    if (entry.gone && entry.readers == 0 && spare.size() < SPARE_MAX) {
      spare.addFirst(entry.content);
    }
  }

  private ByteBuffer buffer(int length) {
    ByteBuffer last;
    synchronized (entries) {
      last = spare.pollFirst();
    }
    return last != null && last.capacity() == length ? last : ByteBuffer.allocateDirect(length);
  }
}
