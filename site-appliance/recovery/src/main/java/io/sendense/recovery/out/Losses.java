package io.sendense.recovery.out;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What could not be copied, and what of the copies could not be kept. Bounded, however much it is.
 */
public final class Losses {
  private static final int SHOWN = 100;
  private static final int KINDS = 200;

  private final List<String> failures = new ArrayList<>();
  private final Map<String, Long> notKept = new LinkedHashMap<>();
  private long failed;

  void failed(String path, String why) {
    failed++;
    if (failures.size() < SHOWN) {
      failures.add(path + ": " + why);
    }
  }

  /** Files that are there but lack something. */
  void notKept(String what) {
    if (notKept.size() < KINDS || notKept.containsKey(what)) {
      notKept.merge(what, 1L, Long::sum);
    }
  }

  /** How many files are missing. */
  public long count() {
    return failed;
  }

  /** The first hundred of them, each with its reason. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** What was not kept, and of how many files. */
  public Map<String, Long> notKept() {
    return Map.copyOf(notKept);
  }
}
