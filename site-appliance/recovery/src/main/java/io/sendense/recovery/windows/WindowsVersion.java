package io.sendense.recovery.windows;

import java.util.List;

/**
 * Which Windows it is.
 *
 * @param name as it calls itself
 * @param build such as 20348
 * @param architecture as INF files call it: amd64, x86 or arm64
 */
public record WindowsVersion(String name, int build, boolean server, String architecture) {
  private static final int EIGHT = 9200;

  /** Since 8 and 2012 devices are looked up in a database of drivers. */
  public boolean hasDriverDatabase() {
    return build >= EIGHT;
  }

  /** Names that folders of drivers for it have, the fittest first. */
  List<String> folders() {
    if (server) {
      return build >= 26_100
          ? List.of("2k25", "2k22")
          : build >= 20_348
              ? List.of("2k22", "2k19")
              : build >= 17_763
                  ? List.of("2k19", "2k16")
                  : build >= 14_393
                      ? List.of("2k16")
                      : build >= 9600
                          ? List.of("2k12r2", "2k12")
                          : build >= EIGHT ? List.of("2k12") : List.of("2k8r2", "2k8");
    }
    return build >= 22_000
        ? List.of("w11", "w10")
        : build >= 10_240
            ? List.of("w10")
            : build >= 9600
                ? List.of("w8.1", "w8")
                : build >= EIGHT ? List.of("w8") : List.of("w7");
  }

  /** Such as 10.0.20348, as drivers say for what they are. */
  boolean isAtLeast(int major, int minor, int otherBuild) {
    int ownMajor = build >= 10_240 ? 10 : 6;
    int ownMinor =
        build >= 10_240 ? 0 : build >= 9600 ? 3 : build >= EIGHT ? 2 : build >= 7600 ? 1 : 0;
    if (ownMajor != major) {
      return ownMajor > major;
    }
    return ownMinor != minor ? ownMinor > minor : build >= otherBuild;
  }
}
