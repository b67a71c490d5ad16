package io.sendense.simulation;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A virtual machine on its hypervisor: disks, a guest that writes, and a tracker of changes that
 * may be lost and may lie. What captures leave on it is named, so that it is seen if it stays.
 */
final class Machine {
  static final int UNIT = 4096;
  private static final int UNITS_MAX = 24 * Site.CHUNK / UNIT;

  final String name;
  final Map<String, byte[]> disks = new LinkedHashMap<>();

  /** What captures made here and did not remove. */
  final TreeSet<String> leftBehind = new TreeSet<>();

  private final List<byte[]> contents;
  private Optional<String> baseline = Optional.empty();
  private Map<String, BitSet> dirty = new LinkedHashMap<>();

  /** Writes since the capture that is open, if one is. */
  private Optional<Map<String, BitSet>> sinceCapture = Optional.empty();

  private boolean lying;

  Machine(String name, List<byte[]> contents, SplittableRandom random) {
    this.name = name;
    this.contents = contents;
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      disks.put("vd" + (char) ('a' + i), new byte[size(random)]);
    }
    for (int i = 0; i < 6; i++) {
      write(random);
    }
  }

  private static int size(SplittableRandom random) {
    int chunks = 1 + random.nextInt(10);
    return chunks * Site.CHUNK - (random.nextBoolean() ? 512 * random.nextInt(128) : 0);
  }

  private String anyDisk(SplittableRandom random) {
    return List.copyOf(disks.keySet()).get(random.nextInt(disks.size()));
  }

  /** The guest writes: whole chunks that other machines have too, a few bytes, or zeros. */
  void write(SplittableRandom random) {
    String disk = anyDisk(random);
    byte[] bytes = disks.get(disk);
    if (bytes == null) {
      return;
    }
    int chunk = random.nextInt(Math.ceilDiv(bytes.length, Site.CHUNK));
    int from = chunk * Site.CHUNK;
    int length = Math.min(Site.CHUNK, bytes.length - from);
    switch (random.nextInt(4)) {
      case 0 -> {
        from += random.nextInt(length);
        byte[] few = new byte[Math.min(bytes.length - from, 1 + random.nextInt(9000))];
        random.nextBytes(few);
        System.arraycopy(few, 0, bytes, from, few.length);
        length = few.length;
      }
      case 1 -> java.util.Arrays.fill(bytes, from, from + length, (byte) 0);
      default ->
          System.arraycopy(contents.get(random.nextInt(contents.size())), 0, bytes, from, length);
    }
    if (!lying) {
      mark(disk, from, length);
    }
  }

  private void mark(String disk, int from, int length) {
    sinceCapture
        .orElse(dirty)
        .computeIfAbsent(disk, key -> new BitSet(UNITS_MAX))
        .set(from / UNIT, Math.ceilDiv(from + length, UNIT));
  }

  void resize(SplittableRandom random) {
    String disk = anyDisk(random);
    byte[] bytes = disks.get(disk);
    if (bytes != null) {
      disks.put(disk, java.util.Arrays.copyOf(bytes, size(random)));
    }
  }

  void loseTracker() {
    baseline = Optional.empty();
    dirty = new LinkedHashMap<>();
  }

  void lie(boolean now) {
    lying = now;
  }

  /** What changed since a baseline; empty where that is not known. */
  Optional<Map<String, BitSet>> changedSince(Optional<String> asked) {
    return asked.isPresent() && asked.equals(baseline) ? Optional.of(dirty) : Optional.empty();
  }

  void beginCapture(String resource) {
    leftBehind.add(resource);
    sinceCapture = Optional.of(new LinkedHashMap<>());
  }

  /** The capture becomes the baseline. */
  void commit(String token) {
    baseline = Optional.of(token);
    dirty = sinceCapture.orElseGet(LinkedHashMap::new);
    sinceCapture = Optional.empty();
  }

  /** Removes a capture; if it was not committed, its writes count as changed since the old one. */
  void remove(String resource) {
    leftBehind.remove(resource);
    sinceCapture.ifPresent(
        since ->
            since.forEach(
                (disk, units) -> dirty.computeIfAbsent(disk, key -> new BitSet()).or(units)));
    sinceCapture = Optional.empty();
  }
}
