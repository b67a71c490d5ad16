package io.sendense.domain;

import java.util.UUID;

/** A licence, by its identity. */
public record LicenceId(UUID value) {
  /** Parses the canonical form; anything else is refused with the text that was given. */
  public static LicenceId parse(String text) {
    return new LicenceId(Ids.parse("LicenceId", text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
