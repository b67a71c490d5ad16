package io.sendense.engine.instant;

/**
 * Where an instant recovery stands. Each state is durable before its first effect; the names are
 * kept in the state store, so they do not change.
 */
public enum InstantState {
  /** Being made. Nothing a guest wrote is in it: where its process died, it is removed. */
  STARTING,
  /** The guest runs, or ran: only a person gives it up. */
  RUNNING,
  /** Its disks are on their way home. */
  MOVING,
  /** Its disks need the point no more; what was moved is being proved. */
  MOVED,
  /** Being removed; it is never again anything else. */
  DISCARDING;

  /** Whether the point has to be served for it. */
  public boolean needsPoint() {
    return switch (this) {
      case STARTING, RUNNING, MOVING -> true;
      case MOVED, DISCARDING -> false;
    };
  }
}
