package io.sendense.cloud.notification;

import java.util.List;
import java.util.regex.Pattern;

/** The numbers in a version, compared from the left; what follows a hyphen does not count. */
record Version(List<Long> numbers) implements Comparable<Version> {
  private static final Pattern APART = Pattern.compile("\\D+");

  static Version of(String text) {
    return new Version(
        APART
            .splitAsStream(text.split("-", 2)[0])
            .filter(part -> !part.isEmpty() && part.length() < 18)
            .map(Long::valueOf)
            .toList());
  }

  @Override
  public int compareTo(Version other) {
    for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
      int order = Long.compare(at(i), other.at(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private long at(int index) {
    return index < numbers.size() ? numbers.get(index) : 0;
  }
}
