package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The object that is a restore point, docs/formats/repository.md 3.8.
 *
 * @param indexes all indexes that cover the packs the point relies on
 * @param tops each disk's top node; empty for a disk of zeros
 */
record PointObject(RestorePoint point, UUID writer, List<UUID> indexes, List<Optional<Ref>> tops) {
  static final String FOLDER = "points";
  static final int BYTES_MAX = 32 << 20;

  static final int ANNOTATIONS_MAX = 64;
  private static final int INDEXES_MAX = 1_000_000;
  private static final int DISKS_MAX = 256;

  PointObject {
    indexes = List.copyOf(indexes);
    tops = List.copyOf(tops);
  }

  static ObjectName name(PointId id) {
    return new ObjectName(FOLDER + "/" + id);
  }

  static Optional<PointId> idOf(ObjectName name) {
    try {
      PointId id = PointId.parse(name.value().substring(FOLDER.length() + 1));
      return name.equals(name(id)) ? Optional.of(id) : Optional.empty();
    } catch (SendenseException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** Reads only what the operator may know: the indexes it relies on. */
  static List<UUID> indexes(ObjectName name, byte[] bytes) {
    return clear(name, Envelope.check(name, ObjectType.POINT, bytes));
  }

  private static List<UUID> clear(ObjectName name, Envelope envelope) {
    ByteReader clear = envelope.clearSection();
    if (!name.equals(name(new PointId(clear.uuid())))) {
      throw Damage.of(name.value(), "it says that it is another point");
    }
    List<UUID> indexes = new ArrayList<>();
    int count = clear.count(INDEXES_MAX);
    for (int i = 0; i < count; i++) {
      indexes.add(clear.uuid());
    }
    clear.end();
    return indexes;
  }

  byte[] encode(Keys keys, byte[] salt) {
    ByteWriter clear = new ByteWriter();
    clear.uuid(point.id().value()).u32(indexes.size());
    indexes.forEach(clear::uuid);
    return Envelope.seal(
        ObjectType.POINT, keys.repositoryId(), keys.repositoryKey(), salt, clear.toBytes(), body());
  }

  private byte[] body() {
    ByteWriter out = new ByteWriter();
    out.str(point.vm()).u64(point.sequence());
    time(out, point.takenAt());
    time(out, point.createdAt());
    out.u8(point.parent().isPresent() ? 1 : 0);
    out.uuid(point.parent().map(PointId::value).orElse(new UUID(0, 0)));
    out.u8(code(point.consistency())).uuid(writer);
    PointStatistics s = point.statistics();
    out.u64(s.chunksZero()).u64(s.chunksUnchanged()).u64(s.chunksDeduplicated());
    out.u64(s.chunksStored()).u64(s.bytesGiven()).u64(s.bytesStored()).u64(s.objectsWritten());
    out.u16(point.disks().size());
    for (int i = 0; i < point.disks().size(); i++) {
      PointDisk disk = point.disks().get(i);
      out.str(disk.name()).u64(disk.sizeBytes()).u32(disk.chunkBytes()).raw(disk.root().bytes());
      Optional<Ref> top = tops.get(i);
      out.u8(top.isPresent() ? 1 : 0);
      if (top.isPresent()) {
        out.raw(top.get().id());
        top.get().at().pack().write(out);
        top.get().at().write(out);
      }
    }
    out.u16(point.annotations().size());
    new TreeMap<>(point.annotations()).forEach((key, value) -> out.str(key).str(value));
    return out.toBytes();
  }

  static PointObject decode(ObjectName name, byte[] bytes, Keys keys) {
    Envelope envelope = Envelope.check(name, ObjectType.POINT, bytes).of(keys.repositoryId());
    List<UUID> indexes = clear(name, envelope);
    ByteReader in = envelope.sealedSection(ObjectType.POINT, keys.repositoryKey());
    PointId id = idOf(name).orElseThrow(() -> Damage.of(name.value(), "it has a strange name"));
    try {
      return body(id, indexes, in, name.value());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw Damage.of(name.value(), "it says something impossible", e);
    }
  }

  private static PointObject body(PointId id, List<UUID> indexes, ByteReader in, String object) {
    String vm = in.str();
    long sequence = in.u64();
    Instant takenAt = Instant.ofEpochSecond(in.u64(), in.u32());
    Instant createdAt = Instant.ofEpochSecond(in.u64(), in.u32());
    boolean hasParent = in.u8() == 1;
    UUID parent = in.uuid();
    Consistency consistency = consistency(in.u8(), object);
    UUID writer = in.uuid();
    PointStatistics statistics =
        new PointStatistics(in.u64(), in.u64(), in.u64(), in.u64(), in.u64(), in.u64(), in.u64());
    List<PointDisk> disks = new ArrayList<>();
    List<Optional<Ref>> tops = new ArrayList<>();
    int diskCount = in.u16();
    for (int i = 0; i < diskCount && i < DISKS_MAX; i++) {
      PointDisk disk = disk(in);
      disks.add(disk);
      tops.add(in.u8() == 1 ? Optional.of(top(in, object)) : Optional.empty());
    }
    Map<String, String> annotations = new TreeMap<>();
    int annotationCount = in.u16();
    for (int i = 0; i < annotationCount && i < ANNOTATIONS_MAX; i++) {
      annotations.put(in.str(), in.str());
    }
    in.end();
    RestorePoint point =
        new RestorePoint(
            id,
            vm,
            sequence,
            disks,
            takenAt,
            createdAt,
            hasParent ? Optional.of(new PointId(parent)) : Optional.empty(),
            consistency,
            annotations,
            statistics);
    return new PointObject(point, writer, indexes, tops);
  }

  private static int code(Consistency consistency) {
    return switch (consistency) {
      case CRASH -> 0;
      case FILE_SYSTEM -> 1;
      case APPLICATION -> 2;
    };
  }

  private static Consistency consistency(int code, String object) {
    for (Consistency consistency : Consistency.values()) {
      if (code(consistency) == code) {
        return consistency;
      }
    }
    throw Damage.of(object, "its consistency is unknown");
  }

  private static PointDisk disk(ByteReader in) {
    String name = in.str();
    long size = in.u64();
    int chunkBytes = in.u32();
    RepositorySettings.checkChunkBytes(chunkBytes);
    return new PointDisk(name, size, chunkBytes, RootHash.of(in.raw(Ref.ID_BYTES)));
  }

  private static Ref top(ByteReader in, String object) {
    byte[] id = in.raw(Ref.ID_BYTES);
    Location at = Location.read(in, PackId.read(in));
    if (!at.plausible(Node.BYTES_MAX)) {
      throw Damage.of(object, "it names an impossible place");
    }
    return new Ref(id, at);
  }

  private static void time(ByteWriter out, Instant time) {
    out.u64(time.getEpochSecond()).u32(time.getNano());
  }

  /** The failure of a point that is not there. */
  static SendenseException notFound(PointId id, String store) {
    return new SendenseException(
        ErrorCode.NOT_FOUND,
        "there is no restore point " + id + " in " + store,
        "List the points with `points` and give one of their ids.");
  }
}
