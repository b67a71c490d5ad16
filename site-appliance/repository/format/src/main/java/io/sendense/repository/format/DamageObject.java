package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Packs that nobody may rely on any more, docs/formats/repository.md 3.9. */
record DamageObject(UUID id, List<PackId> packs) {
  static final String FOLDER = "damage";
  static final int PACKS_MAX = 100_000;
  static final int BYTES_MAX = 4 << 20;
  private static final Pattern NAME = Pattern.compile("damage/([0-9a-f]{32})");

  DamageObject {
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
    clear.uuid(id).u32(packs.size());
    packs.forEach(pack -> pack.write(clear));
    return Envelope.seal(
        ObjectType.DAMAGE,
        keys.repositoryId(),
        keys.repositoryKey(),
        salt,
        clear.toBytes(),
        new byte[0]);
  }

  /** Reads an object; without keys its authenticity is not checked. */
  static DamageObject decode(ObjectName name, byte[] bytes, Optional<Keys> keys) {
    Envelope envelope = Envelope.check(name, ObjectType.DAMAGE, bytes);
    ByteReader clear = envelope.clearSection();
    UUID id = clear.uuid();
    if (!name.equals(name(id))) {
      throw Damage.of(name.value(), "it says that it is another record of damage");
    }
    List<PackId> packs = new ArrayList<>();
    int count = clear.count(PACKS_MAX);
    for (int i = 0; i < count; i++) {
      packs.add(PackId.read(clear));
    }
    clear.end();
    keys.ifPresent(
        k ->
            envelope
                .of(k.repositoryId())
                .sealedSection(ObjectType.DAMAGE, k.repositoryKey())
                .end());
    return new DamageObject(id, packs);
  }
}
