package io.sendense.repository.spi;

import java.util.regex.Pattern;

/**
 * Name of an object: 1 to 8 parts of 1 to 100 characters from {@code a-z 0-9 - _ .}, joined by
 * slashes, no part starting with a dot. So every name is a safe relative path and a safe key of
 * every known object store, in any letter case.
 */
public record ObjectName(String value) implements Comparable<ObjectName> {
  private static final Pattern SAFE =
      Pattern.compile("[a-z0-9_-][a-z0-9._-]{0,99}(/[a-z0-9_-][a-z0-9._-]{0,99}){0,7}");

  public ObjectName {
    if (!SAFE.matcher(value).matches()) {
      String shown = value.length() > 120 ? value.substring(0, 120) + "..." : value;
      throw new IllegalArgumentException("not a name of an object: \"" + shown + "\"");
    }
  }

  @Override
  public int compareTo(ObjectName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
