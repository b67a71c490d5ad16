package io.sendense.domain;

import java.util.UUID;

/** A site of a customer, by its identity. */
public record SiteId(UUID value) {
  /** Parses the canonical form; anything else is refused with the text that was given. */
  public static SiteId parse(String text) {
    return new SiteId(Ids.parse("SiteId", text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
