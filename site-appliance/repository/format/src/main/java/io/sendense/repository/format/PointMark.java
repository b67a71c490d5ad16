package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What is said about a point by an object beside it, docs/formats/repository.md 3.9 and 3.10.
 *
 * @param at by the appliance's clock, for people
 * @param why a sentence for people
 */
record PointMark(Kind kind, PointId point, Instant at, String why) {
  static final int BYTES_MAX = 64 << 10;
  static final int WHY_MAX = 1000;

  /** Which folder holds it, and what it says. */
  enum Kind {
    DELETED("deletions", ObjectType.MARK),
    HELD("holds", ObjectType.HOLD);

    private final String folder;
    private final ObjectType type;

    Kind(String folder, ObjectType type) {
      this.folder = folder;
      this.type = type;
    }

    ObjectType type() {
      return type;
    }

    String folder() {
      return folder;
    }

    ObjectName name(PointId point) {
      return new ObjectName(folder + "/" + point);
    }

    /** Which point an object's name speaks of. */
    Optional<PointId> pointOf(ObjectName name) {
      try {
        PointId id = PointId.parse(name.value().substring(folder.length() + 1));
        return name.equals(name(id)) ? Optional.of(id) : Optional.empty();
      } catch (SendenseException | IndexOutOfBoundsException e) {
        return Optional.empty();
      }
    }
  }

  PointMark {
    if (why.length() > WHY_MAX) {
      why = why.substring(0, WHY_MAX);
    }
  }

  ObjectName name() {
    return kind.name(point);
  }

  byte[] encode(Keys keys, SecureRandom random) {
    ByteWriter clear = new ByteWriter();
    clear.uuid(point.value());
    ByteWriter sealed = new ByteWriter();
    sealed.u64(at.getEpochSecond()).u32(at.getNano()).str(why);
    return Envelope.seal(
        kind.type,
        keys.repositoryId(),
        keys.repositoryKey(),
        IndexPublisher.salt(random),
        clear.toBytes(),
        sealed.toBytes());
  }

  /**
   * Reads a mark; without keys its authenticity is not checked and it says neither when nor why.
   */
  static PointMark decode(Kind kind, ObjectName name, byte[] bytes, Optional<Keys> keys) {
    Envelope envelope = Envelope.check(name, kind.type, bytes);
    ByteReader clear = envelope.clearSection();
    PointId point = new PointId(clear.uuid());
    clear.end();
    if (!name.equals(kind.name(point))) {
      throw Damage.of(name.value(), "it speaks of another point");
    }
    if (keys.isEmpty()) {
      return new PointMark(kind, point, Instant.EPOCH, "");
    }
    ByteReader in =
        envelope.of(keys.get().repositoryId()).sealedSection(kind.type, keys.get().repositoryKey());
    try {
      Instant at = Instant.ofEpochSecond(in.u64(), in.u32());
      String why = in.str();
      in.end();
      return new PointMark(kind, point, at, why);
    } catch (DateTimeException e) {
      throw Damage.of(name.value(), "it says something impossible", e);
    }
  }
}
