package io.sendense.repository.format;

/**
 * A device or service that seals small keys under a key it never gives out, such as a hardware
 * security module. Failures are {@link io.sendense.domain.SendenseException}s: WRONG_KEY from
 * {@link #unwrap} where the token's key did not seal these bytes, UNAUTHENTICATED where it refuses
 * to be used, MISSING_TOOL where it is not there.
 */
public interface KeyToken {
  /** Longest sealed key. */
  int WRAPPED_BYTES_MAX = 1024;

  /**
   * Seals 32 bytes.
   *
   * @param context bound to the result; the same is given to {@link #unwrap}
   */
  byte[] wrap(byte[] key, byte[] context);

  /** The 32 bytes that {@link #wrap} sealed. */
  byte[] unwrap(byte[] wrapped, byte[] context);
}
