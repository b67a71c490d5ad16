package io.sendense.appliance.daemon;

import java.time.Duration;

/**
 * How the appliance keeps house in each of its repositories.
 *
 * @param collectEvery from the start of one collection to that of the next; zero for never
 * @param verifyEvery from one verification to the next; zero for never
 * @param verifyParts a verification reads the data of one of so many parts, 1 to 9,999
 */
record HouseRules(Duration collectEvery, Duration verifyEvery, int verifyParts) {
  /** All data is read once a month. */
  static final HouseRules DEFAULT = new HouseRules(Duration.ofDays(1), Duration.ofDays(1), 30);

  /** How often the points of a repository are compared with what the cloud was told. */
  private static final Duration LOOK_EVERY = Duration.ofHours(6);

  private static final Duration AGAIN = Duration.ofHours(1);
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(15);

  /** Zero for never. */
  Duration every(Chore chore) {
    return switch (chore) {
      case LOOK -> LOOK_EVERY;
      case COLLECT -> collectEvery;
      case VERIFY -> verifyEvery;
    };
  }

  /** How long after the start of one that failed, or that a restart cut off, the next begins. */
  Duration again(Chore chore) {
    Duration wait = chore == Chore.LOOK ? LOOK_AGAIN : AGAIN;
    return every(chore).compareTo(wait) < 0 ? every(chore) : wait;
  }
}
