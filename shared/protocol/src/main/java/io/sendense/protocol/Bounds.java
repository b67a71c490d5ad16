package io.sendense.protocol;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Limits of the wire, checked where a message is made and where one is read. What is absent in the
 * JSON arrives here as null: required values are refused by name, optional ones become empty.
 */
final class Bounds {
  /** Names that people give: VMs, policies, repositories, disks. */
  static final int NAME = 255;

  /** One sentence for people, such as the reason of a failed job. */
  static final int SENTENCE = 2_000;

  /** Identifiers that other parts made, such as a restore point's. */
  static final int IDENTIFIER = 128;

  /** A JWS with a licence inside; a PS512 signature alone is 684 characters. */
  static final int TOKEN = 64 * 1024;

  static final int VMS = 5_000;
  static final int DISKS = 64;
  static final int POLICIES = 1_000;
  static final int COMMANDS = 200;
  static final int POINTS = 1_000;
  static final int GONE = 1_000;
  static final int JOBS = 500;

  /** Bytes of one usage batch before base64. */
  static final int USAGE_BYTES = 2 * 1024 * 1024;

  private Bounds() {}

  static <T> T required(@Nullable T value, String field) {
    if (value == null) {
      throw new IllegalArgumentException("the field \"" + field + "\" is missing");
    }
    return value;
  }

  static String text(@Nullable String value, int max, String field) {
    String text = required(value, field);
    if (text.isEmpty() || text.length() > max) {
      throw new IllegalArgumentException(
          "the field \""
              + field
              + "\" must have 1 to "
              + max
              + " characters, it has "
              + text.length());
    }
    return text;
  }

  @SuppressWarnings("NullableOptional")
  static Optional<String> optionalText(@Nullable Optional<String> value, int max, String field) {
    Optional<String> given = optional(value);
    given.ifPresent(text -> text(text, max, field));
    return given;
  }

  @SuppressWarnings("NullableOptional") // what the JSON leaves out arrives as null
  static <T> Optional<T> optional(@Nullable Optional<T> value) {
    return value == null ? Optional.empty() : value;
  }

  static <T> List<T> list(@Nullable List<T> value, int max, String field) {
    List<T> list = value == null ? List.of() : value;
    if (list.size() > max) {
      throw new IllegalArgumentException(
          "the field \"" + field + "\" holds " + list.size() + " entries, the limit is " + max);
    }
    return List.copyOf(list);
  }

  static long notNegative(long value, String field) {
    if (value < 0) {
      throw new IllegalArgumentException(
          "the field \"" + field + "\" is " + value + ", it must not be negative");
    }
    return value;
  }

  static int within(int value, int min, int max, String field) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "the field \"" + field + "\" is " + value + ", allowed are " + min + " to " + max);
    }
    return value;
  }
}
