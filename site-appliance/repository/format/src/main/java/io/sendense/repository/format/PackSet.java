package io.sendense.repository.format;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A set of packs, a bit each: a writer numbers its packs one after the other. Not thread-safe. */
final class PackSet {
  private static final int COUNT_MASK = (1 << 24) - 1;

  private record Writer(int generation, UUID id, int epoch) {}

  private final Map<Writer, BitSet> counts = new HashMap<>();

  void add(PackId pack) {
    counts.computeIfAbsent(writer(pack), key -> new BitSet()).set(pack.sequence() & COUNT_MASK);
  }

  boolean contains(PackId pack) {
    BitSet of = counts.get(writer(pack));
    return of != null && of.get(pack.sequence() & COUNT_MASK);
  }

  void clear() {
    counts.clear();
  }

  private static Writer writer(PackId pack) {
    return new Writer(pack.generation(), pack.writer(), pack.epoch());
  }
}
