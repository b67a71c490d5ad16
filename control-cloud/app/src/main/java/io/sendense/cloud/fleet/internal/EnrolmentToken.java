package io.sendense.cloud.fleet.internal;

import io.sendense.domain.CustomerId;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.MspId;
import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

/**
 * A one-time token. Its text names the tenant, so that it is looked up inside that tenant's scope
 * and no query ever crosses tenants; only the secret in it proves anything, and only its hash is
 * stored.
 */
record EnrolmentToken(MspId msp, CustomerId customer, UUID id, Secret secret) {
  private static final String PREFIX = "sdt1_";
  private static final int SECRET_BYTES = 32;
  private static final int BYTES = 3 * 16 + SECRET_BYTES;

  /** Never shown by accident. */
  static final class Secret {
    private final byte[] bytes;

    private Secret(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public String toString() {
      return "***";
    }
  }

  static EnrolmentToken create(MspId msp, CustomerId customer, UUID id, SecureRandom random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new EnrolmentToken(msp, customer, id, new Secret(secret));
  }

  /** What the operator is given, once. */
  String text() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    put(bytes, msp.value());
    put(bytes, customer.value());
    put(bytes, id);
    bytes.put(secret.bytes);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /** Without ever repeating what was given. */
  static EnrolmentToken parse(String text) {
    try {
      if (text.startsWith(PREFIX) && text.length() < 200) {
        byte[] raw = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
        if (raw.length == BYTES) {
          ByteBuffer bytes = ByteBuffer.wrap(raw);
          MspId msp = new MspId(get(bytes));
          CustomerId customer = new CustomerId(get(bytes));
          UUID id = get(bytes);
          byte[] secret = Arrays.copyOfRange(raw, bytes.position(), BYTES);
          return new EnrolmentToken(msp, customer, id, new Secret(secret));
        }
      }
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
    throw unknown();
  }

  /** SHA-256 over the secret; 256 random bits need no salt and no stretching. */
  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static SendenseException unknown() {
    return new SendenseException(
        ErrorCode.UNAUTHENTICATED,
        "the enrolment token is not known here",
        "Copy the whole token as the portal showed it, or create a new one.");
  }

  private static void put(ByteBuffer bytes, UUID id) {
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private static UUID get(ByteBuffer bytes) {
    return new UUID(bytes.getLong(), bytes.getLong());
  }
}
