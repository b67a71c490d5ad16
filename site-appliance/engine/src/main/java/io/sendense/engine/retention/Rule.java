package io.sendense.engine.retention;

import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** A rule of a retention policy: what a period is. */
public enum Rule {
  /** Every point is a period of its own. */
  LAST,
  HOURLY,
  DAILY,
  /** ISO weeks: from Monday, week 1 has the year's first Thursday. */
  WEEKLY,
  MONTHLY,
  YEARLY;

  /** As options and plans name it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The period a moment falls into, as a text that is the same for all moments of it and no others.
   * The hour that a clock repeats in autumn is two, told apart by their offset.
   */
  String period(ZonedDateTime at) {
    return switch (this) {
      case LAST -> throw new IllegalStateException("the last points have no period");
      case HOURLY ->
          "%s %02d:00 %s"
              .formatted(at.toLocalDate(), at.get(ChronoField.HOUR_OF_DAY), at.getOffset());
      case DAILY -> at.toLocalDate().toString();
      case WEEKLY ->
          "%d-W%02d"
              .formatted(
                  at.get(IsoFields.WEEK_BASED_YEAR), at.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case MONTHLY -> "%d-%02d".formatted(at.getYear(), at.getMonthValue());
      case YEARLY -> Integer.toString(at.getYear());
    };
  }
}
