package io.sendense.repository.format;

import java.util.Arrays;
import java.util.HexFormat;

/** A blob's identity and where it was last known to lie. Immutable; equal by identity only. */
final class Ref {
  static final int ID_BYTES = 32;

  private final byte[] id;
  private final Location at;

  /** Takes over the array. */
  Ref(byte[] id, Location at) {
    this.id = id;
    this.at = at;
  }

  /** The array itself; nobody changes it. */
  byte[] id() {
    return id;
  }

  Location at() {
    return at;
  }

  boolean hasId(byte[] other) {
    return Arrays.equals(id, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ref ref && Arrays.equals(id, ref.id);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(id);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(id, 0, 8) + " at " + at;
  }
}
