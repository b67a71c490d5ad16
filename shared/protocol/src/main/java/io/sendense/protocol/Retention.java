package io.sendense.protocol;

/**
 * Which points of a VM a policy keeps. Each count but {@code last} keeps the newest point of each
 * of the newest so many periods that have one; a point goes when no count keeps it.
 *
 * @param zone by whose calendar periods begin, such as {@code Europe/Zurich}
 */
public record Retention(
    int last, int hourly, int daily, int weekly, int monthly, int yearly, String zone) {
  /** The most that a count may be. */
  public static final int MOST = 100_000;

  public Retention {
    Bounds.within(last, 0, MOST, "last");
    Bounds.within(hourly, 0, MOST, "hourly");
    Bounds.within(daily, 0, MOST, "daily");
    Bounds.within(weekly, 0, MOST, "weekly");
    Bounds.within(monthly, 0, MOST, "monthly");
    Bounds.within(yearly, 0, MOST, "yearly");
    Bounds.text(zone, Bounds.NAME, "zone");
    if (last + hourly + daily + weekly + monthly + yearly == 0) {
      throw new IllegalArgumentException(
          "the field \"retention\" keeps nothing; leave it out to keep everything");
    }
  }
}
