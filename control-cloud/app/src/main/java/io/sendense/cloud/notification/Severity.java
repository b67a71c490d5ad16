package io.sendense.cloud.notification;

import java.util.Locale;
import java.util.Optional;

/** How much an alert matters, least first. */
enum Severity {
  INFO,
  WARNING,
  CRITICAL;

  static final String WORDS = "info, warning, critical";

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Severity> of(String word) {
    for (Severity one : values()) {
      if (one.word().equals(word)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }
}
