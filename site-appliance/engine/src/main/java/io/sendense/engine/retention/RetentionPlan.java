package io.sendense.engine.retention;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a policy does with each of some points, the newest first, machine by machine.
 *
 * @param decisions one for every point given
 */
public record RetentionPlan(List<Decision> decisions) {
  public RetentionPlan {
    decisions = List.copyOf(decisions);
  }

  /**
   * What becomes of a point.
   *
   * @param keep false when it is to be deleted
   * @param reasons sentences for people, at least one
   * @param mayGoAt for a point that no rule keeps and a lock does: when the lock ends
   */
  public record Decision(
      RetentionPoint point, boolean keep, List<String> reasons, Optional<Instant> mayGoAt) {
    public Decision {
      reasons = List.copyOf(reasons);
    }
  }

  public List<Decision> kept() {
    return decisions.stream().filter(Decision::keep).toList();
  }

  public List<Decision> going() {
    return decisions.stream().filter(decision -> !decision.keep()).toList();
  }
}
