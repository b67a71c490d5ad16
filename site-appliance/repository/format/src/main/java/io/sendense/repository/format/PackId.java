package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pack's id and, by it, its name.
 *
 * @param sequence the epoch of the key it is sealed under in the upper 8 bits, the writer's count
 *     in the lower 24
 */
record PackId(int generation, UUID writer, int sequence) {
  static final int BYTES = 24;
  static final String FOLDER = "packs";

  private static final int COUNT_BITS = 24;
  private static final int COUNT_MAX = (1 << COUNT_BITS) - 1;
  private static final Pattern NAME =
      Pattern.compile("packs/([0-9a-f]{8})/([0-9a-f]{32})/([0-9a-f]{8})");

  static PackId read(ByteReader in) {
    return new PackId(in.u32(), in.uuid(), in.u32());
  }

  /** Empty where the name is not a pack's. */
  static Optional<PackId> of(ObjectName name) {
    Matcher parts = NAME.matcher(name.value());
    if (!parts.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new PackId(
            HexFormat.fromHexDigits(parts.group(1)),
            hexId(parts.group(2)),
            HexFormat.fromHexDigits(parts.group(3))));
  }

  /**
   * The writer's pack of that count.
   *
   * @throws SendenseException LIMIT_REACHED where one writer made 16,777,216 packs
   */
  static PackId of(int generation, UUID writer, int epoch, int count) {
    if (count < 0 || count > COUNT_MAX) {
      throw new SendenseException(
          ErrorCode.LIMIT_REACHED,
          "one restore point would need more than " + (COUNT_MAX + 1) + " packs",
          "Split the machine's disks over several policies, or use a larger chunk size.");
    }
    return new PackId(generation, writer, (epoch << COUNT_BITS) | count);
  }

  int epoch() {
    return sequence >>> COUNT_BITS;
  }

  void write(ByteWriter out) {
    out.u32(generation).uuid(writer).u32(sequence);
  }

  byte[] bytes() {
    ByteWriter out = new ByteWriter();
    write(out);
    return out.toBytes();
  }

  ObjectName objectName() {
    return new ObjectName(folder(generation, writer) + "/" + HexFormat.of().toHexDigits(sequence));
  }

  static String folder(int generation, UUID writer) {
    return FOLDER + "/" + HexFormat.of().toHexDigits(generation) + "/" + hex(writer);
  }

  static String hex(UUID id) {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(id.getMostSignificantBits())
        + hex.toHexDigits(id.getLeastSignificantBits());
  }

  static UUID hexId(String digits) {
    return new UUID(
        HexFormat.fromHexDigitsToLong(digits, 0, 16),
        HexFormat.fromHexDigitsToLong(digits, 16, 32));
  }
}
