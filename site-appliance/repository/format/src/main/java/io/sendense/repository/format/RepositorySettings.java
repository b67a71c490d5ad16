package io.sendense.repository.format;

import java.time.Duration;
import java.util.Optional;

/**
 * What is fixed when a repository is made.
 *
 * @param chunkBytes chunk size of new disk lineages: a power of two from 64 KiB to 4 MiB
 * @param writerDeadline a writer must seal within this time of its intent, by the store's clock
 * @param deletionAge an unreferenced object is not collected before this age; longer than the
 *     deadline
 * @param generation how long packs are gathered into one generation, for extending locks together
 * @param identity the tenant's identity, taken from another repository of the tenant so that chunk
 *     ids and root hashes are the same in both; empty for the tenant's first repository
 * @param lock how what is stored is kept from deletion; empty for not at all
 */
public record RepositorySettings(
    int chunkBytes,
    Duration writerDeadline,
    Duration deletionAge,
    Duration generation,
    Optional<TenantIdentity> identity,
    Optional<RepositoryLock> lock) {
  public static final int CHUNK_BYTES_MIN = 64 << 10;
  public static final int CHUNK_BYTES_MAX = 4 << 20;

  public RepositorySettings {
    checkChunkBytes(chunkBytes);
    if (writerDeadline.toSeconds() < 1 || deletionAge.compareTo(writerDeadline) <= 0) {
      throw new IllegalArgumentException("the deletion age must exceed the writer's deadline");
    }
    if (generation.toSeconds() < 1 || generation.toDays() > 3650) {
      throw new IllegalArgumentException("a generation lasts a second to ten years");
    }
  }

  /** Settings of a repository that does not lock. */
  public RepositorySettings(
      int chunkBytes,
      Duration writerDeadline,
      Duration deletionAge,
      Duration generation,
      Optional<TenantIdentity> identity) {
    this(chunkBytes, writerDeadline, deletionAge, generation, identity, Optional.empty());
  }

  /** Chunk size as docs/adr/0003-store-format.md argues it; deadline 48 h, deletion age 96 h. */
  public static RepositorySettings defaults() {
    return new RepositorySettings(
        1 << 20, Duration.ofDays(2), Duration.ofDays(4), Duration.ofDays(10), Optional.empty());
  }

  public RepositorySettings withChunkBytes(int bytes) {
    return new RepositorySettings(bytes, writerDeadline, deletionAge, generation, identity, lock);
  }

  public RepositorySettings withIdentity(TenantIdentity tenant) {
    return new RepositorySettings(
        chunkBytes, writerDeadline, deletionAge, generation, Optional.of(tenant), lock);
  }

  public RepositorySettings withLock(RepositoryLock wanted) {
    return new RepositorySettings(
        chunkBytes, writerDeadline, deletionAge, generation, identity, Optional.of(wanted));
  }

  static void checkChunkBytes(int bytes) {
    if (bytes < CHUNK_BYTES_MIN || bytes > CHUNK_BYTES_MAX || Integer.bitCount(bytes) != 1) {
      throw new IllegalArgumentException(
          "a chunk size is a power of two from 64 KiB to 4 MiB, got " + bytes);
    }
  }
}
