package io.sendense.domain;

import java.util.UUID;

/** An appliance at a site, by its identity. */
public record ApplianceId(UUID value) {
  /** Parses the canonical form; anything else is refused with the text that was given. */
  public static ApplianceId parse(String text) {
    return new ApplianceId(Ids.parse("ApplianceId", text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
