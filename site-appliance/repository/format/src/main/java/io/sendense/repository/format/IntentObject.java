package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a writer publishes before it writes, docs/formats/repository.md 3.4. */
record IntentObject(UUID writer, Duration deadline, List<UUID> indexes) {
  static final String FOLDER = "intents";
  static final int BYTES_MAX = 16 << 20;

  private static final int INDEXES_MAX = 1_000_000;
  private static final Pattern NAME = Pattern.compile("intents/([0-9a-f]{32})(\\.2)?");

  IntentObject {
    indexes = List.copyOf(indexes);
  }

  static ObjectName name(UUID writer) {
    return new ObjectName(FOLDER + "/" + PackId.hex(writer));
  }

  /** The name of the object by which a writer without an index asks the store for the time. */
  static ObjectName secondName(UUID writer) {
    return new ObjectName(FOLDER + "/" + PackId.hex(writer) + ".2");
  }

  static Optional<UUID> writerOf(ObjectName name) {
    Matcher parts = NAME.matcher(name.value());
    return parts.matches() ? Optional.of(PackId.hexId(parts.group(1))) : Optional.empty();
  }

  byte[] encode(Keys keys, byte[] salt) {
    ByteWriter clear = new ByteWriter();
    clear.uuid(writer).u64(deadline.toSeconds()).u32(indexes.size());
    indexes.forEach(clear::uuid);
    return Envelope.seal(
        ObjectType.INTENT,
        keys.repositoryId(),
        keys.repositoryKey(),
        salt,
        clear.toBytes(),
        new byte[0]);
  }

  /** Reads an intent; without keys its authenticity is not checked. */
  static IntentObject decode(ObjectName name, byte[] bytes, Optional<Keys> keys) {
    Envelope envelope = Envelope.check(name, ObjectType.INTENT, bytes);
    ByteReader clear = envelope.clearSection();
    UUID writer = clear.uuid();
    Duration deadline = Duration.ofSeconds(clear.u64());
    int count = clear.count(INDEXES_MAX);
    List<UUID> indexes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      indexes.add(clear.uuid());
    }
    clear.end();
    if (!writerOf(name).equals(Optional.of(writer))) {
      throw Damage.of(name.value(), "it says that it is another writer's");
    }
    keys.ifPresent(
        k ->
            envelope
                .of(k.repositoryId())
                .sealedSection(ObjectType.INTENT, k.repositoryKey())
                .end());
    return new IntentObject(writer, deadline, indexes);
  }
}
