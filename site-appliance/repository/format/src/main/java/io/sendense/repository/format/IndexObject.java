package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A list of the blobs of many packs, docs/formats/repository.md 3.6.
 *
 * @param storedBy the store's time by which it had to be stored to count; empty in old ones
 */
record IndexObject(
    UUID id, List<UUID> replaces, List<PackRecord> packs, Optional<Instant> storedBy) {
  static final String FOLDER = "indexes";
  static final int PACKS_MAX = 1024;
  static final int BLOBS_MAX = 131_072;
  static final int BYTES_MAX = 16 << 20;

  private static final int REPLACES_MAX = 1_000_000;
  private static final Pattern NAME = Pattern.compile("indexes/([0-9a-f]{32})");

  IndexObject {
    replaces = List.copyOf(replaces);
    packs = List.copyOf(packs);
  }

  static ObjectName name(UUID id) {
    return new ObjectName(FOLDER + "/" + PackId.hex(id));
  }

  static Optional<UUID> idOf(ObjectName name) {
    Matcher parts = NAME.matcher(name.value());
    return parts.matches() ? Optional.of(PackId.hexId(parts.group(1))) : Optional.empty();
  }

  byte[] encode(Keys keys, byte[] salt) {
    ByteWriter clear = new ByteWriter();
    clear.uuid(id).u32(replaces.size());
    replaces.forEach(clear::uuid);
    clear.u32(packs.size());
    ByteWriter list = new ByteWriter();
    for (PackRecord pack : packs) {
      pack.id().write(clear);
      clear.u32(pack.lengthBytes()).raw(pack.checksum());
      list.u32(pack.entries().size());
      pack.entries().forEach(entry -> entry.write(list));
    }
    storedBy.ifPresent(time -> clear.u64(time.getEpochSecond()));
    return Envelope.seal(
        ObjectType.INDEX,
        keys.repositoryId(),
        keys.repositoryKey(),
        salt,
        clear.toBytes(),
        list.toBytes());
  }

  /** Reads an index; without keys the packs come without their blobs. */
  static IndexObject decode(ObjectName name, byte[] bytes, Optional<Keys> keys) {
    Envelope envelope = Envelope.check(name, ObjectType.INDEX, bytes);
    keys.ifPresent(k -> envelope.of(k.repositoryId()));
    IndexObject named = named(name, envelope.clearSection());
    return keys.isEmpty()
        ? named
        : named.with(name, envelope.sealedSection(ObjectType.INDEX, keys.get().repositoryKey()));
  }

  /**
   * Reads an index by its tag alone, and of what its packs hold only as much as is wanted. The
   * bytes are used up.
   *
   * @param withBlobs told the index without them
   */
  static IndexObject open(
      ObjectName name, byte[] bytes, Keys keys, Predicate<IndexObject> withBlobs) {
    Envelope envelope =
        Envelope.authenticated(
            name, ObjectType.INDEX, bytes, keys.repositoryId(), keys.repositoryKey());
    IndexObject named = named(name, envelope.clearSection());
    return withBlobs.test(named) ? named.with(name, envelope.openedSection()) : named;
  }

  private static IndexObject named(ObjectName name, ByteReader clear) {
    UUID id = clear.uuid();
    if (!name.equals(name(id))) {
      throw Damage.of(name.value(), "it says that it is another index");
    }
    List<UUID> replaces = new ArrayList<>();
    int replaced = clear.count(REPLACES_MAX);
    for (int i = 0; i < replaced; i++) {
      replaces.add(clear.uuid());
    }
    List<PackRecord> packs = new ArrayList<>();
    int count = clear.count(PACKS_MAX);
    for (int i = 0; i < count; i++) {
      PackId pack = PackId.read(clear);
      int length = clear.count(PackBuilder.PACK_BYTES_MAX);
      packs.add(new PackRecord(pack, length, clear.raw(Envelope.CHECKSUM_BYTES), List.of()));
    }
    Optional<Instant> storedBy =
        clear.remaining() > 0
            ? Optional.of(Instant.ofEpochSecond(Math.clamp(clear.u64(), 0, 1L << 40)))
            : Optional.empty();
    clear.end();
    return new IndexObject(id, replaces, packs, storedBy);
  }

  private IndexObject with(ObjectName name, ByteReader list) {
    List<PackRecord> whole = new ArrayList<>();
    for (PackRecord pack : packs) {
      List<PackEntry> entries = entries(name, list, pack.id());
      whole.add(new PackRecord(pack.id(), pack.lengthBytes(), pack.checksum(), entries));
    }
    list.end();
    return new IndexObject(id, replaces, whole, storedBy);
  }

  /** Whether it was stored too late to be relied on. */
  boolean isLate(Instant storedAt) {
    return storedBy.filter(storedAt::isAfter).isPresent();
  }

  private static List<PackEntry> entries(ObjectName name, ByteReader list, PackId pack) {
    int count = list.count(PackBuilder.BLOBS_MAX);
    List<PackEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      PackEntry entry = PackEntry.read(list, pack);
      if (!entry.ref().at().plausible(PackEntry.rawMax(entry.kind()))) {
        throw Damage.of(name.value(), "it names an impossible place");
      }
      entries.add(entry);
    }
    return entries;
  }
}
