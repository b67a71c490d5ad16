package io.sendense.domain;

import java.util.UUID;

/** A managed service provider, by its identity. */
public record MspId(UUID value) {
  /** Parses the canonical form; anything else is refused with the text that was given. */
  public static MspId parse(String text) {
    return new MspId(Ids.parse("MspId", text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
