package io.sendense.engine.retention;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Applies a policy to points. */
public final class Retention {
  private static final Comparator<RetentionPoint> NEWEST_FIRST =
      Comparator.comparing(RetentionPoint::sequence)
          .thenComparing(RetentionPoint::takenAt)
          .thenComparing(RetentionPoint::id)
          .reversed();

  private Retention() {}

  /**
   * Decides for each point. Never lets go the newest point of a machine, a held point, or a locked
   * one before its date, and keeps with a larger count at least what it keeps with a smaller one.
   */
  public static RetentionPlan plan(RetentionPolicy policy, Collection<RetentionPoint> points) {
    Map<String, List<RetentionPoint>> machines = new TreeMap<>();
    for (RetentionPoint point : points) {
      machines.computeIfAbsent(point.machine(), name -> new ArrayList<>()).add(point);
    }
    List<RetentionPlan.Decision> decisions = new ArrayList<>();
    machines.values().forEach(each -> decisions.addAll(planMachine(policy, each)));
    return new RetentionPlan(decisions);
  }

  private static List<RetentionPlan.Decision> planMachine(
      RetentionPolicy policy, List<RetentionPoint> points) {
    points.sort(NEWEST_FIRST);
    Map<RetentionPoint, List<String>> reasons = new HashMap<>();
    points.forEach(point -> reasons.put(point, new ArrayList<>()));
    if (policy.keepsEverything()) {
      reasons.values().forEach(each -> each.add("the policy keeps everything"));
    } else {
      policy.counts().keySet().stream().sorted().forEach(r -> apply(policy, r, points, reasons));
    }
    List<RetentionPlan.Decision> decisions = new ArrayList<>();
    for (RetentionPoint point : points) {
      List<String> why = reasons.getOrDefault(point, new ArrayList<>());
      decisions.add(decide(point, why, decisions.isEmpty()));
    }
    return decisions;
  }

  private static void apply(
      RetentionPolicy policy,
      Rule rule,
      List<RetentionPoint> newestFirst,
      Map<RetentionPoint, List<String>> reasons) {
    int left = policy.count(rule);
    Set<String> periods = new HashSet<>();
    for (RetentionPoint point : newestFirst) {
      if (left == 0) {
        return;
      }
      if (rule == Rule.LAST) {
        left--;
        reason(reasons, point, "one of the last " + policy.count(rule));
        continue;
      }
      ZonedDateTime at = point.takenAt().atZone(policy.zone());
      String period = rule.period(at);
      if (periods.add(period)) {
        left--;
        reason(reasons, point, rule.word() + " " + period);
      }
    }
  }

  private static void reason(
      Map<RetentionPoint, List<String>> reasons, RetentionPoint point, String why) {
    reasons.computeIfAbsent(point, key -> new ArrayList<>()).add(why);
  }

  private static RetentionPlan.Decision decide(
      RetentionPoint point, List<String> reasons, boolean newest) {
    Optional<Instant> mayGoAt = Optional.empty();
    boolean byRule = !reasons.isEmpty();
    if (newest && !byRule) {
      reasons.add("the newest point of its machine");
      byRule = true;
    }
    if (point.guard().held()) {
      reasons.add("held");
    }
    if (!byRule && point.guard().lockedUntil().isPresent()) {
      mayGoAt = point.guard().lockedUntil();
    }
    point.guard().lockedUntil().ifPresent(until -> reasons.add("locked until " + until));
    boolean keep = !reasons.isEmpty();
    if (!keep) {
      reasons.add("no rule keeps it");
    }
    return new RetentionPlan.Decision(point, keep, reasons, mayGoAt);
  }
}
