package io.sendense.connectors.cloudstack;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of CloudStack as far as its API depends on it: 4.19.1.0 is 4, 19, 1. */
record ApiVersion(int major, int minor, int patch) implements Comparable<ApiVersion> {
  /** The oldest that this was built for. */
  static final ApiVersion OLDEST = new ApiVersion(4, 18, 0);

  /** From here on importVolume is there (API reference, importVolume, "since"). */
  static final ApiVersion IMPORTS_VOLUMES = new ApiVersion(4, 19, 1);

  /** From here on importVm takes a MAC address (API reference, importVm, "macaddress"). */
  static final ApiVersion IMPORT_KEEPS_MAC = new ApiVersion(4, 22, 1);

  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?.*");
  private static final Comparator<ApiVersion> ORDER =
      Comparator.comparingInt(ApiVersion::major)
          .thenComparingInt(ApiVersion::minor)
          .thenComparingInt(ApiVersion::patch);

  static ApiVersion parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw Answer.protocol("\"" + text + "\" is no version");
    }
    String patch = matcher.group(3);
    return new ApiVersion(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        patch == null ? 0 : Integer.parseInt(patch));
  }

  boolean atLeast(ApiVersion other) {
    return compareTo(other) >= 0;
  }

  @Override
  public int compareTo(ApiVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
