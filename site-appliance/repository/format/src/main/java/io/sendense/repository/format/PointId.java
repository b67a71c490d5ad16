package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.Locale;
import java.util.UUID;

/** A restore point, by its identity. Never used twice. */
public record PointId(UUID value) implements Comparable<PointId> {
  /**
   * Parses the 36 characters that {@link #toString} gives, in either letter case.
   *
   * @throws SendenseException BAD_ARGUMENT for anything else
   */
  public static PointId parse(String text) {
    try {
      UUID id = UUID.fromString(text);
      if (id.toString().equals(text.toLowerCase(Locale.ROOT))) {
        return new PointId(id);
      }
    } catch (IllegalArgumentException e) {
      throw bad(text);
    }
    throw bad(text);
  }

  private static SendenseException bad(String text) {
    String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "\"" + shown + "\" is not the id of a restore point",
        "Give an id as `points` lists it, 36 characters.");
  }

  /** By text, so that points of one clock sort by their age. */
  @Override
  public int compareTo(PointId other) {
    return value.toString().compareTo(other.value.toString());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
