package io.sendense.repository.format;

import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
    settings.lock().ifPresent(lock -> clear.u8(code(lock.mode())).u32(lock.days()));
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
    int mode = in.remaining() > 0 ? in.u8() : 0;
    int days = mode != 0 ? in.u32() : 0;
    in.end();
    try {
      Optional<RepositoryLock> lock =
          mode == 0 ? Optional.empty() : Optional.of(new RepositoryLock(mode(mode), days));
      RepositorySettings settings =
          new RepositorySettings(
              chunkBytes,
              Duration.ofSeconds(deadline),
              Duration.ofSeconds(age),
              Duration.ofSeconds(generation),
              Optional.empty(),
              lock);
      return new FormatObject(envelope.repository(), created, settings);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw Damage.of(NAME.value(), "its settings are impossible", e);
    }
  }

  private static int code(LockMode mode) {
    return switch (mode) {
      case GOVERNANCE -> 1;
      case COMPLIANCE -> 2;
    };
  }

  private static LockMode mode(int code) {
    return switch (code) {
      case 1 -> LockMode.GOVERNANCE;
      case 2 -> LockMode.COMPLIANCE;
      default -> throw new IllegalArgumentException("lock mode " + code);
    };
  }

  /**
   * The lock of what is put in a generation: its end, the time a writer begun in it may take, and
   * the period, so that every point is locked for the period at least.
   */
  Optional<ObjectLock> lockOf(int generation) {
    long length = settings.generation().toSeconds();
    Instant end = Instant.ofEpochSecond((Integer.toUnsignedLong(generation) + 1) * length);
    return settings
        .lock()
        .map(
            lock ->
                new ObjectLock(
                    lock.mode(),
                    end.plus(settings.writerDeadline())
                        .plus(lock.period())
                        .truncatedTo(ChronoUnit.SECONDS)));
  }

  /** Which generation a time of the store falls into. */
  int generationOf(Instant storeTime) {
    return (int) (storeTime.getEpochSecond() / settings.generation().toSeconds());
  }
}
