package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The object that says what a repository is, docs/formats/repository.md 3.2. */
record FormatObject(UUID repository, Instant createdAt, RepositorySettings settings) {
  static final ObjectName NAME = new ObjectName("format");
  static final int BYTES_MAX = 4096;

  byte[] encode(byte[] salt) {
    ByteWriter clear = new ByteWriter();
    clear.u64(createdAt.toEpochMilli()).u32(settings.chunkBytes());
    clear.u64(settings.writerDeadline().toSeconds());
    clear.u64(settings.deletionAge().toSeconds());
    clear.u64(settings.generation().toSeconds());
    return Envelope.clear(ObjectType.FORMAT, repository, salt, clear.toBytes());
  }

  static FormatObject decode(byte[] bytes) {
    Envelope envelope = Envelope.check(NAME, ObjectType.FORMAT, bytes);
    if (envelope.epoch() != 0) {
      throw Damage.of(NAME.value(), "it names a key epoch, but no key seals it");
    }
    ByteReader in = envelope.clearSection();
    Instant created = Instant.ofEpochMilli(in.u64());
    int chunkBytes = in.u32();
    long deadline = in.u64();
    long age = in.u64();
    long generation = in.u64();
    in.end();
    try {
      RepositorySettings settings =
          new RepositorySettings(
              chunkBytes,
              Duration.ofSeconds(deadline),
              Duration.ofSeconds(age),
              Duration.ofSeconds(generation),
              Optional.empty());
      return new FormatObject(envelope.repository(), created, settings);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw Damage.of(NAME.value(), "its settings are impossible", e);
    }
  }

  /** Which generation a time of the store falls into. */
  int generationOf(Instant storeTime) {
    return (int) (storeTime.getEpochSecond() / settings.generation().toSeconds());
  }
}
