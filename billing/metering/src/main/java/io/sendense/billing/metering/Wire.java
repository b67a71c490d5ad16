package io.sendense.billing.metering;

import io.sendense.domain.ApplianceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Fields that more than one form has. Big-endian, as {@link ByteBuffer} is by default. */
final class Wire {
  static final short VERSION = 1;

  private Wire() {}

  static int magic(String ascii) {
    return ByteBuffer.wrap(ascii.getBytes(StandardCharsets.US_ASCII)).getInt();
  }

  static void expect(ByteBuffer in, int magic, String what) throws UsageFormatException {
    if (in.remaining() < 6 || in.getInt() != magic) {
      throw new UsageFormatException("these bytes are not a " + what);
    }
    int version = Short.toUnsignedInt(in.getShort());
    if (version != VERSION) {
      throw new UsageFormatException(
          "version " + version + " of a " + what + " is not known, only " + VERSION);
    }
  }

  static int chainLength(ChainId chain) {
    return 16 + 1 + chain.stream().length() + 4;
  }

  static void putChain(ByteBuffer out, ChainId chain) {
    putUuid(out, chain.appliance().value());
    out.put((byte) chain.stream().length());
    out.put(chain.stream().getBytes(StandardCharsets.US_ASCII));
    out.putInt(chain.epoch());
  }

  static ChainId getChain(ByteBuffer in) {
    ApplianceId appliance = new ApplianceId(getUuid(in));
    byte[] stream = new byte[Math.min(Byte.toUnsignedInt(in.get()), in.remaining())];
    in.get(stream);
    return new ChainId(appliance, new String(stream, StandardCharsets.ISO_8859_1), in.getInt());
  }

  static void putUuid(ByteBuffer out, UUID id) {
    out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  static UUID getUuid(ByteBuffer in) {
    return new UUID(in.getLong(), in.getLong());
  }

  static Hash getHash(ByteBuffer in) {
    byte[] bytes = new byte[Hash.LENGTH];
    in.get(bytes);
    return Hash.ofBytes(bytes);
  }
}
