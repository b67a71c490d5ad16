package io.sendense.domain;

import java.util.UUID;

/** A customer of an MSP, by its identity. */
public record CustomerId(UUID value) {
  /** Parses the canonical form; anything else is refused with the text that was given. */
  public static CustomerId parse(String text) {
    return new CustomerId(Ids.parse("CustomerId", text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
