package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectName;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which objects of older generations were locked for as long as a generation's points promise,
 * docs/formats/repository.md 3.11.
 *
 * @param base the format object was
 */
record LockNote(int generation, UUID id, boolean base, List<PackId> packs, List<UUID> indexes) {
  static final String FOLDER = "locks";
  static final int NAMES_MAX = 500_000;
  static final int BYTES_MAX = 32 << 20;

  private static final Pattern NAME = Pattern.compile("locks/([0-9a-f]{8})/([0-9a-f]{32})");

  LockNote {
    packs = List.copyOf(packs);
    indexes = List.copyOf(indexes);
  }

  static String folder(int generation) {
    return FOLDER + "/" + HexFormat.of().toHexDigits(generation);
  }

  /** The generation that an object's name says. */
  static Optional<Integer> generationOf(ObjectName name) {
    Matcher parts = NAME.matcher(name.value());
    return parts.matches()
        ? Optional.of(HexFormat.fromHexDigits(parts.group(1)))
        : Optional.empty();
  }

  ObjectName name() {
    return new ObjectName(folder(generation) + "/" + PackId.hex(id));
  }

  byte[] encode(Keys keys, SecureRandom random) {
    ByteWriter clear = new ByteWriter();
    clear.u32(generation).uuid(id);
    ByteWriter sealed = new ByteWriter();
    sealed.u8(base ? 1 : 0).u32(packs.size());
    packs.forEach(pack -> pack.write(sealed));
    sealed.u32(indexes.size());
    indexes.forEach(sealed::uuid);
    return Envelope.seal(
        ObjectType.LOCK_NOTE,
        keys.repositoryId(),
        keys.repositoryKey(),
        IndexPublisher.salt(random),
        clear.toBytes(),
        sealed.toBytes());
  }

  static LockNote decode(ObjectName name, byte[] bytes, Keys keys) {
    Envelope envelope = Envelope.check(name, ObjectType.LOCK_NOTE, bytes).of(keys.repositoryId());
    ByteReader clear = envelope.clearSection();
    int generation = clear.u32();
    UUID id = clear.uuid();
    clear.end();
    ByteReader in = envelope.sealedSection(ObjectType.LOCK_NOTE, keys.repositoryKey());
    boolean base = in.u8() == 1;
    List<PackId> packs = new ArrayList<>();
    int packCount = in.count(NAMES_MAX);
    for (int i = 0; i < packCount; i++) {
      packs.add(PackId.read(in));
    }
    List<UUID> indexes = new ArrayList<>();
    int indexCount = in.count(NAMES_MAX);
    for (int i = 0; i < indexCount; i++) {
      indexes.add(in.uuid());
    }
    in.end();
    LockNote note = new LockNote(generation, id, base, packs, indexes);
    if (!name.equals(note.name())) {
      throw Damage.of(name.value(), "it says that it is another note");
    }
    return note;
  }
}
