package io.sendense.repository.format;

import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.testkit.ManualClock;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A repository in memory with small packs, and helpers that write and read whole disks. */
final class Fixture {
  static final int CHUNK = 64 << 10;
  static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
  static final RepositorySecret SECRET = RepositorySecret.key(filled(32, 7));

  final ManualClock clock = new ManualClock(START);
  final Environment environment =
      new Environment(clock, new SecureRandom(), new Tuning(2, 2, 256 << 10, 1 << 20));
  final MemoryObjectStore memory = new MemoryObjectStore(clock);

  /** The same store for all that is not a fault of the test's own making. */
  final OrderRules store = new OrderRules(memory);

  static RepositorySettings settings() {
    return RepositorySettings.defaults().withChunkBytes(CHUNK);
  }

  Repository init() {
    return Repository.init(store, SECRET, settings(), environment);
  }

  Repository open() {
    return open(store);
  }

  Repository open(ObjectStore store) {
    return Repository.open(store, SECRET, environment);
  }

  PointDraft draft(Optional<PointId> parent, long... sizes) {
    return draft("web", parent, sizes);
  }

  PointDraft draft(String vm, Optional<PointId> parent, long... sizes) {
    List<PointDraft.Disk> disks = new java.util.ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      disks.add(new PointDraft.Disk("vd" + (char) ('a' + i), sizes[i]));
    }
    return new PointDraft(vm, clock.instant(), Consistency.CRASH, parent, disks);
  }

  /** Backs up whole disks. */
  RestorePoint backUp(Repository repository, Optional<PointId> parent, byte[]... disks) {
    long[] sizes = new long[disks.length];
    for (int i = 0; i < disks.length; i++) {
      sizes[i] = disks[i].length;
    }
    try (PointWriter writer = repository.beginPoint(draft(parent, sizes))) {
      for (int i = 0; i < disks.length; i++) {
        for (long chunk = 0; chunk * CHUNK < disks[i].length; chunk++) {
          writeChunk(writer, i, disks[i], chunk);
        }
      }
      return writer.seal(Map.of("note", "whole"));
    }
  }

  static WriteOutcome writeChunk(PointWriter writer, int disk, byte[] content, long chunk) {
    int from = (int) (chunk * writer.chunkBytes(disk));
    int length = Math.min(writer.chunkBytes(disk), content.length - from);
    byte[] data = new byte[length];
    System.arraycopy(content, from, data, 0, length);
    return writer.write(disk, chunk, data, length);
  }

  static byte[] readDisk(Repository repository, PointId id, int disk) {
    try (PointReader reader = repository.read(id)) {
      StoredDisk stored = reader.disk(disk);
      ByteBuffer content = ByteBuffer.allocate((int) stored.sizeBytes());
      stored.read(0, content);
      return content.array();
    }
  }

  /** Chunks that differ and compress to an eighth, so that many of them need few packs. */
  static byte[] compressible(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    for (int at = 0; at < length; at += CHUNK) {
      byte[] head = random(random, Math.min(CHUNK / 8, length - at));
      System.arraycopy(head, 0, bytes, at, head.length);
    }
    return bytes;
  }

  static byte[] random(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  static Map<String, byte[]> objects(ObjectStore store) {
    Map<String, byte[]> all = new TreeMap<>();
    store.list("").forEach(o -> all.put(o.name().value(), store.get(o.name(), 64 << 20)));
    return all;
  }
}
