package io.sendense.engine.retention;

import java.time.ZoneId;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many restore points of a machine to keep, grandfather-father-son. Each rule keeps the newest
 * point of each of the newest so many periods that have one; a point goes when no rule keeps it.
 *
 * @param counts of each rule, 0 to 100,000; one that is missing or 0 keeps nothing by itself. A
 *     policy without any count keeps everything
 * @param zone by whose calendar hours, days, ISO weeks, months and years begin
 */
public record RetentionPolicy(Map<Rule, Integer> counts, ZoneId zone) {
  private static final int COUNT_MAX = 100_000;

  public RetentionPolicy {
    EnumMap<Rule, Integer> kept = new EnumMap<>(Rule.class);
    counts.forEach(
        (rule, count) -> {
          if (count < 0 || count > COUNT_MAX) {
            throw new IllegalArgumentException(
                "keep " + rule.word() + " is 0 to " + COUNT_MAX + ", got " + count);
          }
          if (count > 0) {
            kept.put(rule, count);
          }
        });
    counts = Map.copyOf(kept);
  }

  /** Keeps everything. */
  public static RetentionPolicy everything(ZoneId zone) {
    return new RetentionPolicy(Map.of(), zone);
  }

  /** Keeps the newest so many. */
  public static RetentionPolicy last(int count, ZoneId zone) {
    return everything(zone).with(Rule.LAST, count);
  }

  public RetentionPolicy with(Rule rule, int count) {
    EnumMap<Rule, Integer> more = new EnumMap<>(Rule.class);
    more.putAll(counts);
    more.put(rule, count);
    return new RetentionPolicy(more, zone);
  }

  public int count(Rule rule) {
    return counts.getOrDefault(rule, 0);
  }

  public boolean keepsEverything() {
    return counts.isEmpty();
  }
}
