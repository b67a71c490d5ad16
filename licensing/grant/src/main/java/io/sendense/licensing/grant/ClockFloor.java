package io.sendense.licensing.grant;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The latest time this appliance has ever known. The caller keeps it durably and stores every new
 * value before it acts on it.
 */
public record ClockFloor(Instant lastSeen) {
  /** Smaller steps back are what time daemons do; they are no rollback. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  /** For an appliance that has seen nothing yet: the time its program was built. */
  public static ClockFloor initial(Instant buildTime) {
    return new ClockFloor(buildTime);
  }

  /**
   * The floor after looking at the clock again.
   *
   * @param now what the clock says
   * @param elapsed monotonic time since the floor was last raised, zero after a restart; a frozen
   *     or repeatedly reset clock cannot hold it back
   */
  public ClockFloor seen(Instant now, Duration elapsed) {
    Instant passed = elapsed.isNegative() ? lastSeen : lastSeen.plus(elapsed);
    return new ClockFloor(now.isAfter(passed) ? now : passed);
  }

  /**
   * The floor after a verified lease came from the cloud. A later renewal of the same licence is a
   * statement of the true time and may lower a floor that a clock in the future had raised; any
   * other lease, and so a replayed one, can only raise it.
   *
   * @param previous the lease held until now
   */
  public ClockFloor confirmedBy(Optional<Lease> previous, Lease fresh) {
    boolean renewal =
        previous.isPresent()
            && previous.get().licence().equals(fresh.licence())
            && fresh.sequence() > previous.get().sequence();
    return renewal || fresh.issuedAt().isAfter(lastSeen) ? new ClockFloor(fresh.issuedAt()) : this;
  }

  public boolean rolledBack(Instant now) {
    return now.isBefore(lastSeen.minus(TOLERANCE));
  }
}
