package io.sendense.simulation;

import io.sendense.repository.spi.ObjectName;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What the operator of a store may know of its objects, read by docs/formats/repository.md 3 alone
 * and with none of the product's code.
 */
final class ClearSections {
  private static final int HEADER = 72;
  private static final int CLEAR_LENGTH_AT = 12;
  private static final int PACK_ID = 24;

  private ClearSections() {}

  /** An index: its replaced ones and packs by name, and by when it had to be stored. */
  record Index(List<String> replaces, List<String> packs, Optional<Instant> deadline) {
    boolean isLate(Instant storedAt) {
      return deadline.filter(storedAt::isAfter).isPresent();
    }
  }

  static Index index(byte[] object) {
    ByteBuffer clear = clear(object);
    clear.position(16);
    List<String> replaces = names("indexes/", clear);
    int count = clear.getInt();
    List<String> packs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] id = new byte[PACK_ID];
      clear.get(id);
      String hex = HexFormat.of().formatHex(id);
      packs.add(
          "packs/" + hex.substring(0, 8) + "/" + hex.substring(8, 40) + "/" + hex.substring(40));
      clear.position(clear.position() + 4 + 32);
    }
    return new Index(
        replaces,
        packs,
        clear.hasRemaining()
            ? Optional.of(Instant.ofEpochSecond(clear.getLong()))
            : Optional.empty());
  }

  /** Names of the indexes a point relies on. */
  static List<String> indexesOfPoint(byte[] object) {
    ByteBuffer clear = clear(object);
    clear.position(16);
    return names("indexes/", clear);
  }

  static String writerOfPack(ObjectName pack) {
    return pack.value().split("/")[2];
  }

  private static List<String> names(String folder, ByteBuffer from) {
    int count = from.getInt();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] id = new byte[16];
      from.get(id);
      names.add(folder + HexFormat.of().formatHex(id));
    }
    return names;
  }

  private static ByteBuffer clear(byte[] object) {
    ByteBuffer all = ByteBuffer.wrap(object);
    return all.slice(HEADER, all.getInt(CLEAR_LENGTH_AT));
  }
}
