package io.sendense.domain;

import java.util.UUID;

/**
 * Strict parsing of identifiers: {@link UUID#fromString} alone accepts short forms such as
 * 1-1-1-1-1.
 */
final class Ids {
  private Ids() {}

  static UUID parse(String kind, String text) {
    if (text.length() == 36) {
      try {
        UUID id = UUID.fromString(text);
        if (id.toString().equalsIgnoreCase(text)) {
          return id;
        }
      } catch (IllegalArgumentException e) {
        throw bad(kind, text, e);
      }
    }
    throw bad(kind, text, null);
  }

  private static SendenseException bad(
      String kind, String text, @org.jspecify.annotations.Nullable Throwable cause) {
    String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "\"" + shown + "\" is not a " + kind,
        "Give the identifier as it was shown, 36 characters such as"
            + " 0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e41.",
        cause);
  }
}
