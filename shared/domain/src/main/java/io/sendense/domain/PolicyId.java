package io.sendense.domain;

import java.util.UUID;

/** A protection policy, by its identity. */
public record PolicyId(UUID value) {
  /** Parses the canonical form; anything else is refused with the text that was given. */
  public static PolicyId parse(String text) {
    return new PolicyId(Ids.parse("PolicyId", text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
