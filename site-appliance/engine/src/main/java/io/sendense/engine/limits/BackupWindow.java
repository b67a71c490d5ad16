package io.sendense.engine.limits;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hours in which backups may run, by the customer's wall clock. Immutable.
 *
 * <p>Written as parts such as {@code mon-fri 20:00-06:00} or {@code sat,sun 00:00-24:00}. A part
 * that ends at or before its start ends on the next day. Ranges are half-open. On a day when the
 * clocks change, a wall time that does not exist means the moment after the gap, and one that
 * exists twice means the earlier.
 *
 * @param open never empty
 */
public record BackupWindow(ZoneId zone, List<Part> open) {
  private static final Pattern PART =
      Pattern.compile("([a-z,-]+) ([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})");
  private static final int MINUTES_OF_DAY = 24 * 60;

  /** Longer than the longest time between two openings: a week, and what clock changes add. */
  private static final int DAYS_AHEAD = 9;

  /**
   * One opening on each of some days.
   *
   * @param fromMinute of the day, {@code [0, 1440)}
   * @param toMinute of the same day where it is later, of the next one otherwise; 1440 is midnight
   */
  public record Part(Set<DayOfWeek> days, int fromMinute, int toMinute) {
    public Part {
      days = Set.copyOf(days);
      if (days.isEmpty()
          || fromMinute < 0
          || fromMinute >= MINUTES_OF_DAY
          || toMinute < 0
          || toMinute > MINUTES_OF_DAY) {
        throw new IllegalArgumentException("not a part of a week");
      }
    }
  }

  private record Opening(Instant from, Instant to) {}

  public BackupWindow {
    open = List.copyOf(open);
    if (open.isEmpty()) {
      throw new IllegalArgumentException("a window that never opens");
    }
  }

  /**
   * @throws IllegalArgumentException that quotes the part at fault
   */
  public static BackupWindow parse(ZoneId zone, List<String> parts) {
    List<Part> open = new ArrayList<>();
    for (String text : parts) {
      Matcher match = PART.matcher(text.trim().toLowerCase(Locale.ROOT));
      if (!match.matches()) {
        throw unreadable(text);
      }
      try {
        open.add(
            new Part(
                days(match.group(1)),
                minute(match.group(2), match.group(3)),
                minute(match.group(4), match.group(5))));
      } catch (IllegalArgumentException e) {
        throw unreadable(text);
      }
    }
    return new BackupWindow(zone, open);
  }

  public boolean isOpen(Instant at) {
    return closesAfter(at).isPresent();
  }

  /** When the window that is open at a moment closes; empty where none is open. */
  public Optional<Instant> closesAfter(Instant at) {
    Instant end = at;
    boolean more = true;
    // Openings that touch or overlap are one: 20:00-24:00 and 00:00-06:00 of the next day.
    for (int steps = 0; more && steps < DAYS_AHEAD * open.size(); steps++) {
      more = false;
      for (Opening opening : around(end)) {
        if (!opening.from().isAfter(end) && opening.to().isAfter(end)) {
          end = opening.to();
          more = true;
        }
      }
    }
    return end.equals(at) ? Optional.empty() : Optional.of(end);
  }

  /** The first moment at or after a given one at which the window is open. */
  public Instant nextOpening(Instant at) {
    if (isOpen(at)) {
      return at;
    }
    return around(at).stream()
        .map(Opening::from)
        .filter(from -> from.isAfter(at))
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Openings from the day before to the week after. */
  private List<Opening> around(Instant at) {
    LocalDate today = at.atZone(zone).toLocalDate();
    List<Opening> openings = new ArrayList<>();
    for (int day = -1; day < DAYS_AHEAD; day++) {
      LocalDate date = today.plusDays(day);
      for (Part part : open) {
        if (part.days().contains(date.getDayOfWeek())) {
          LocalDate last = part.toMinute() <= part.fromMinute() ? date.plusDays(1) : date;
          Opening opening =
              new Opening(moment(date, part.fromMinute()), moment(last, part.toMinute()));
          if (opening.to().isAfter(opening.from())) {
            openings.add(opening);
          }
        }
      }
    }
    return openings;
  }

  private Instant moment(LocalDate date, int minute) {
    LocalDate day = minute == MINUTES_OF_DAY ? date.plusDays(1) : date;
    LocalTime time = LocalTime.ofSecondOfDay(minute % MINUTES_OF_DAY * 60L);
    var gap = zone.getRules().getTransition(day.atTime(time));
    return gap != null && gap.isGap()
        ? gap.getInstant()
        : ZonedDateTime.ofLocal(day.atTime(time), zone, null).toInstant();
  }

  private static Set<DayOfWeek> days(String text) {
    EnumSet<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (String range : text.split(",", -1)) {
      String[] ends = range.split("-", -1);
      if (ends.length > 2) {
        throw unreadable(text);
      }
      DayOfWeek first = day(ends[0]);
      DayOfWeek last = day(ends[ends.length - 1]);
      days.add(last);
      for (DayOfWeek day = first; day != last; day = day.plus(1)) {
        days.add(day);
      }
    }
    return days;
  }

  private static DayOfWeek day(String text) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().substring(0, 3).equalsIgnoreCase(text)) {
        return day;
      }
    }
    throw unreadable(text);
  }

  private static int minute(String hour, String minute) {
    int m = Integer.parseInt(minute);
    if (m > 59) {
      throw unreadable(hour + ":" + minute);
    }
    return Integer.parseInt(hour) * 60 + m;
  }

  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is not like \"mon-fri 20:00-06:00\" or \"sat,sun 00:00-24:00\"");
  }

  /** How long a job that starts now may run; empty where the window is closed. */
  public Optional<Duration> left(Instant now) {
    return closesAfter(now).map(end -> Duration.between(now, end));
  }
}
