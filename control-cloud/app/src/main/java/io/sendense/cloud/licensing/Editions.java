package io.sendense.cloud.licensing;

import io.sendense.domain.Edition;
import java.util.Locale;
import java.util.Optional;

/** Editions as the API and the database write them. */
final class Editions {
  private Editions() {}

  static String wire(Edition edition) {
    return edition.name().toLowerCase(Locale.ROOT);
  }

  static Optional<Edition> parse(String name) {
    for (Edition edition : Edition.values()) {
      if (wire(edition).equals(name)) {
        return Optional.of(edition);
      }
    }
    return Optional.empty();
  }
}
