package io.sendense.billing.metering;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The byte forms of a batch and of its head. */
final class BatchBytes {
  static final String SIGNATURE_ALGORITHM = "SHA256withECDSA";

  private static final int MAGIC = Wire.magic("SDUB");
  private static final int HEAD_MAGIC = Wire.magic("SDUH");
  private static final int MOST_RECORD_BYTES = 512 * 1024;
  private static final int MOST_SIGNATURE_BYTES = 144;

  private BatchBytes() {}

  static byte[] head(List<UsageRecord> records) {
    UsageRecord first = records.getFirst();
    UsageRecord last = records.getLast();
    ChainId chain = first.id().chain();
    ByteBuffer out =
        ByteBuffer.allocate(6 + Wire.chainLength(chain) + 16 + Hash.LENGTH + Hash.LENGTH);
    out.putInt(HEAD_MAGIC).putShort(Wire.VERSION);
    Wire.putChain(out, chain);
    out.putLong(first.id().sequence()).putLong(last.id().sequence());
    out.put(first.previous().toBytes());
    out.put(last.hash().toBytes());
    return out.array();
  }

  static byte[] write(UsageBatch batch) {
    List<byte[]> parts = batch.records().stream().map(UsageRecord::toBytes).toList();
    byte[] signature = batch.signature();
    int length = 6 + 4 + 2 + signature.length;
    for (byte[] part : parts) {
      length += 4 + part.length;
    }
    if (length > UsageBatch.MOST_BYTES) {
      throw new IllegalArgumentException(
          "a batch has at most " + UsageBatch.MOST_BYTES + " bytes, got " + length);
    }
    ByteBuffer out = ByteBuffer.allocate(length);
    out.putInt(MAGIC).putShort(Wire.VERSION).putInt(parts.size());
    parts.forEach(part -> out.putInt(part.length).put(part));
    out.putShort((short) signature.length).put(signature);
    return out.array();
  }

  static UsageBatch read(byte[] bytes) throws UsageFormatException {
    if (bytes.length > UsageBatch.MOST_BYTES) {
      throw new UsageFormatException("a batch has at most " + UsageBatch.MOST_BYTES + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Wire.expect(in, MAGIC, "usage batch");
    try {
      int count = in.getInt();
      if (count < 1 || count > UsageBatch.MOST_RECORDS) {
        throw new UsageFormatException(
            "a batch has 1 to " + UsageBatch.MOST_RECORDS + " records, got " + count);
      }
      List<UsageRecord> records = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        records.add(RecordBytes.read(slice(in, in.getInt(), MOST_RECORD_BYTES)));
      }
      byte[] signature = slice(in, Short.toUnsignedInt(in.getShort()), MOST_SIGNATURE_BYTES);
      if (in.hasRemaining()) {
        throw new UsageFormatException("there are bytes after the batch");
      }
      return new UsageBatch(records, signature);
    } catch (BufferUnderflowException e) {
      throw new UsageFormatException("the batch is cut off", e);
    }
  }

  private static byte[] slice(ByteBuffer in, int length, int most) throws UsageFormatException {
    if (length < 0 || length > most || length > in.remaining()) {
      throw new UsageFormatException("a length in the batch is out of range");
    }
    byte[] part = new byte[length];
    in.get(part);
    return part;
  }
}
