package io.sendense.engine;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * Two checksums of each chunk that a restore has handed to its target, for comparing with what the
 * target then gives back. 64 bits against accidents: the content itself came from the repository
 * under its seal. Thread-safe for different chunks; read after those who noted have ended.
 */
final class ChunkSums {
  /** 8 MiB: a TiB of the default chunks. What lies beyond is proved by reading the point again. */
  private static final int CHUNKS_MAX = 1 << 20;

  private final long[] sums;
  private final boolean[] noted;

  ChunkSums(long chunks) {
    int count = (int) Math.min(chunks, CHUNKS_MAX);
    sums = new long[count];
    noted = new boolean[count];
  }

  void note(int chunk, ByteBuffer data) {
    if (chunk < sums.length) {
      sums[chunk] = sum(data);
      noted[chunk] = true;
    }
  }

  boolean knows(int chunk) {
    return chunk < noted.length && noted[chunk];
  }

  /** Whether the data is what was noted for the chunk. */
  boolean matches(int chunk, ByteBuffer data) {
    return knows(chunk) && sums[chunk] == sum(data);
  }

  private static long sum(ByteBuffer data) {
    return of(new CRC32C(), data.duplicate()) << 32 | of(new CRC32(), data.duplicate());
  }

  private static long of(Checksum checksum, ByteBuffer data) {
    checksum.update(data);
    return checksum.getValue();
  }
}
