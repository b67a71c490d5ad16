package io.sendense.nbd;

/**
 * Collects the descriptors of one block-status reply, for the one context that was asked about.
 * Used by the reader thread until the request ends, by the caller afterwards.
 */
final class BlockStatusSink {
  // As many as the largest chunk that QEMU sends; a chunk with more is refused.
  static final int MAX_DESCRIPTORS = 1 << 20;

  private final int context;
  private int[] words = new int[256];
  private int used;
  private boolean seen;

  BlockStatusSink(int context) {
    this.context = context;
  }

  int context() {
    return context;
  }

  /** False where the context has had its chunk in this reply already. */
  boolean begin() {
    boolean first = !seen;
    seen = true;
    return first;
  }

  void add(int length, int flags) {
    if (used == words.length) {
      words = java.util.Arrays.copyOf(words, words.length * 2);
    }
    words[used++] = length;
    words[used++] = flags;
  }

  int count() {
    return used / 2;
  }

  long length(int index) {
    return Integer.toUnsignedLong(words[2 * index]);
  }

  int flags(int index) {
    return words[2 * index + 1];
  }
}
