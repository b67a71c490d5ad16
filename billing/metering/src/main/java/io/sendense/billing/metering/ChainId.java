package io.sendense.billing.metering;

import io.sendense.domain.ApplianceId;

/**
 * One chain of records.
 *
 * @param stream 1 to 32 characters of a-z, 0-9 and the hyphen
 * @param epoch from 1; a new one begins when a chain has forked
 */
public record ChainId(ApplianceId appliance, String stream, int epoch) {
  /** The stream of ordinary usage. */
  public static final String USAGE = "usage";

  public ChainId {
    if (!stream.matches("[a-z0-9-]{1,32}")) {
      throw new IllegalArgumentException(
          "a stream is 1 to 32 characters of a-z, 0-9 and -, got a text of " + stream.length());
    }
    if (epoch < 1) {
      throw new IllegalArgumentException("an epoch begins at 1, got " + epoch);
    }
  }

  @Override
  public String toString() {
    return appliance + "/" + stream + "/" + epoch;
  }
}
