package io.sendense.protocol;

import java.util.Arrays;

/**
 * Usage records and the signed head over them, as the bytes that the metering part made. Which
 * records they are is inside; the cloud accepts each once, however often it is sent.
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out; equality is by content
public record UsageBatch(byte[] batch) implements Message {
  public UsageBatch {
    if (Bounds.required(batch, "batch").length > Bounds.USAGE_BYTES || batch.length == 0) {
      throw new IllegalArgumentException(
          "the field \"batch\" must have 1 to " + Bounds.USAGE_BYTES + " bytes");
    }
    batch = batch.clone();
  }

  @Override
  public byte[] batch() {
    return batch.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UsageBatch(byte[] bytes) && Arrays.equals(batch, bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(batch);
  }

  @Override
  public String toString() {
    return "UsageBatch[" + batch.length + " bytes]";
  }
}
