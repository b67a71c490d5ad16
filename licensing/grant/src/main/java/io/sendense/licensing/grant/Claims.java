package io.sendense.licensing.grant;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Strict reading of a payload: every member is asked for by type, and a member that nobody asked
 * for is an error. Failures are {@link IllegalArgumentException} that name the member.
 */
final class Claims {
  private final Map<String, Object> members;
  private final String where;

  private Claims(Map<String, Object> members, String where) {
    this.members = new LinkedHashMap<>(members);
    this.where = where;
  }

  static Claims parse(String json) {
    try {
      return new Claims(members(json), "");
    } catch (ParseException e) {
      throw new IllegalArgumentException("the payload is not a JSON object", e);
    }
  }

  /** The parser takes the JSON text {@code null} for an object that is not there. */
  static Map<String, Object> members(String json) throws ParseException {
    Map<String, Object> object = JSONObjectUtils.parse(json);
    if (object == null) {
      throw new ParseException("null is no object", 0);
    }
    return object;
  }

  UUID uuid(String name) {
    String text = text(name);
    UUID id = UUID.fromString(text);
    if (!id.toString().equals(text)) {
      throw new IllegalArgumentException(where + name + " is not a UUID in lower case");
    }
    return id;
  }

  Optional<UUID> optionalUuid(String name) {
    return members.containsKey(name) ? Optional.of(uuid(name)) : Optional.empty();
  }

  String text(String name) {
    if (members.remove(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(where + name + " is not a text");
  }

  long number(String name) {
    return optionalNumber(name)
        .orElseThrow(() -> new IllegalArgumentException(where + name + " is missing"));
  }

  OptionalLong optionalNumber(String name) {
    Object value = members.remove(name);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (value instanceof Long || value instanceof Integer) {
      return OptionalLong.of(((Number) value).longValue());
    }
    throw new IllegalArgumentException(where + name + " is not a whole number");
  }

  Instant instant(String name) {
    long seconds = number(name);
    // Year 9999: beyond it nothing is a date that anybody meant.
    if (seconds < 0 || seconds > 253_402_300_799L) {
      throw new IllegalArgumentException(where + name + " is not a date");
    }
    return Instant.ofEpochSecond(seconds);
  }

  Duration seconds(String name) {
    long seconds = number(name);
    if (seconds < 0 || seconds > Duration.ofDays(36_600).toSeconds()) {
      throw new IllegalArgumentException(where + name + " is not a length of time");
    }
    return Duration.ofSeconds(seconds);
  }

  List<String> texts(String name) {
    if (!(members.remove(name) instanceof List<?> list)) {
      throw new IllegalArgumentException(where + name + " is not a list");
    }
    return list.stream()
        .map(
            item -> {
              if (item instanceof String text) {
                return text;
              }
              throw new IllegalArgumentException(where + name + " holds more than texts");
            })
        .toList();
  }

  Claims object(String name) {
    if (!(members.remove(name) instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(where + name + " is not an object");
    }
    Map<String, Object> inner = new LinkedHashMap<>();
    map.forEach((key, value) -> inner.put((String) key, value));
    return new Claims(inner, where + name + ".");
  }

  Set<String> names() {
    return Set.copyOf(members.keySet());
  }

  void nothingElse() {
    if (!members.isEmpty()) {
      throw new IllegalArgumentException("unknown member " + where + members.keySet());
    }
  }
}
