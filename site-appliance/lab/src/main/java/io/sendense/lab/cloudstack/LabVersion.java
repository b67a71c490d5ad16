package io.sendense.lab.cloudstack;

import java.util.Comparator;

/** A release, and from which on a command or parameter is there. */
record LabVersion(int major, int minor, int patch) implements Comparable<LabVersion> {
  static final LabVersion ALWAYS = new LabVersion(4, 0, 0);

  static LabVersion of(String text) {
    String[] parts = text.split("\\.");
    return new LabVersion(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        parts.length > 2 ? Integer.parseInt(parts[2]) : 0);
  }

  @Override
  public int compareTo(LabVersion other) {
    return Comparator.comparingInt(LabVersion::major)
        .thenComparingInt(LabVersion::minor)
        .thenComparingInt(LabVersion::patch)
        .compare(this, other);
  }

  boolean has(LabVersion since) {
    return compareTo(since) >= 0;
  }
}
