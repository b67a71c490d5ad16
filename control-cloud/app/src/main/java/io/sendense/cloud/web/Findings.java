package io.sendense.cloud.web;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects everything that is wrong with a request, so that the caller learns it at once. Each
 * check gives the value back, or a stand-in that is never used because {@link #orRefuse} throws.
 */
public final class Findings {
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final List<Problem.Finding> findings = new ArrayList<>();

  public void add(String field, String message) {
    findings.add(new Problem.Finding(field, message));
  }

  /** Adds a finding when {@code holds} is false. */
  public void require(boolean holds, String field, String message) {
    if (!holds) {
      add(field, message);
    }
  }

  /** A text of {@code min} to {@code max} characters without line breaks, stripped. */
  public String text(@Nullable String value, String field, int min, int max) {
    String text = value == null ? "" : value.strip();
    if (value == null) {
      add(field, "is missing");
    } else if (text.length() < min || text.length() > max) {
      add(field, "must have " + min + " to " + max + " characters, has " + text.length());
    } else if (text.chars().anyMatch(Character::isISOControl)) {
      add(field, "must not hold control characters");
    }
    return text;
  }

  /** A text that matches the whole pattern; {@code form} says it in words. */
  public String matching(@Nullable String value, String field, Pattern pattern, String form) {
    if (value == null) {
      add(field, "is missing");
    } else if (!pattern.matcher(value).matches()) {
      add(field, "must be " + form);
    }
    return value == null ? "" : value;
  }

  /** A whole number within the bounds, both included. */
  public long number(@Nullable Long value, String field, long min, long max) {
    if (value == null) {
      add(field, "is missing");
      return min;
    }
    if (value < min || value > max) {
      add(field, "must be from " + min + " to " + max + ", is " + value);
    }
    return value;
  }

  /** The name of a zone in the IANA database. */
  public ZoneId zone(@Nullable String value, String field) {
    if (value == null) {
      add(field, "is missing");
    } else {
      try {
        return ZoneId.of(value);
      } catch (DateTimeException e) {
        add(field, "is not a time zone such as Europe/London");
      }
    }
    return java.time.ZoneOffset.UTC;
  }

  /** An identifier in its canonical form. */
  public UUID id(@Nullable String value, String field) {
    if (value == null) {
      add(field, "is missing");
    } else if (!UUID_FORM.matcher(value).matches()) {
      add(field, "is not an identifier such as 0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e41");
    } else {
      return UUID.fromString(value);
    }
    return new UUID(0, 0);
  }

  /** One of a fixed set of words. */
  public <T> Optional<T> word(
      @Nullable String value, String field, Function<String, Optional<T>> parse, String words) {
    Optional<T> parsed = value == null ? Optional.empty() : parse.apply(value);
    if (parsed.isEmpty()) {
      add(field, value == null ? "is missing" : "must be one of " + words);
    }
    return parsed;
  }

  /** Refuses the request with all findings, if there are any. */
  public void orRefuse() {
    if (!findings.isEmpty()) {
      throw new InvalidRequest(findings);
    }
  }
}
