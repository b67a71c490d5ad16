package io.sendense.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackupWindowTest {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

  @Test
  void aNightlyWindowIsOpenOverMidnightAndClosedByDay() {
    BackupWindow nights = window("mon-fri 20:00-06:00");

    assertThat(nights.isOpen(at("2026-11-20T19:59:59"))).isFalse();
    assertThat(nights.closesAfter(at("2026-11-20T20:00"))).contains(at("2026-11-21T06:00"));
    assertThat(nights.isOpen(at("2026-11-21T05:59:59"))).isTrue();
    assertThat(nights.isOpen(at("2026-11-21T06:00"))).isFalse();
    // Saturday evening belongs to no weekday; the next opening is on Monday.
    assertThat(nights.nextOpening(at("2026-11-21T21:00"))).isEqualTo(at("2026-11-23T20:00"));
  }

  @Test
  void partsThatTouchAreOneWindow() {
    BackupWindow weekend = window("fri 20:00-24:00", "sat,sun 00:00-24:00", "mon 00:00-05:30");

    assertThat(weekend.closesAfter(at("2026-11-20T21:00"))).contains(at("2026-11-23T05:30"));
  }

  @Test
  void alwaysOpenClosesBeyondTheWeekAndNeverRefuses() {
    BackupWindow always = window("mon-sun 00:00-24:00");
    Instant now = at("2026-11-20T12:00");

    assertThat(always.left(now).orElseThrow()).isGreaterThan(Duration.ofDays(7));
    assertThat(always.nextOpening(now)).isEqualTo(now);
  }

  @Test
  void whereClocksChangeTheWallTimeCounts() {
    BackupWindow nights = window("sat 22:00-06:00");

    // 29 March 2026: 02:00 becomes 03:00, so the night is an hour shorter.
    assertThat(nights.left(at("2026-03-28T22:00"))).contains(Duration.ofHours(7));
    // 25 October 2026: 03:00 becomes 02:00.
    assertThat(nights.left(at("2026-10-24T22:00"))).contains(Duration.ofHours(9));
    // 02:30 does not exist on that day: the window opens when the clocks have moved.
    assertThat(window("sun 02:30-04:00").nextOpening(at("2026-03-29T01:00")))
        .isEqualTo(at("2026-03-29T03:00"));
    // 02:30 exists twice: from the first to the end, which is later by the hour.
    assertThat(window("sun 02:30-04:00").left(at("2026-10-25T02:30")))
        .contains(Duration.ofMinutes(150));
  }

  @Test
  void daysMayGoRoundTheWeekend() {
    assertThat(window("sat-mon 01:00-02:00").open().getFirst().days()).hasSize(3);
  }

  @Test
  void whatCannotBeReadIsQuoted() {
    for (String bad :
        List.of(
            "",
            "mon",
            "mon 20:00",
            "mon 25:00-26:00",
            "mon 20:60-21:00",
            "mon-tue-wed 01:00-02:00",
            "xyz 01:00-02:00",
            "mon 24:00-02:00")) {
      assertThatThrownBy(() -> window(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("\"" + bad + "\"");
    }
  }

  /** Against the plainest other way: looking at the wall clock minute by minute. */
  @Test
  void itAgreesWithLookingAtTheWallClockEveryMinute() {
    SplittableRandom random = new SplittableRandom(11);
    List<String> days = List.of("mon-fri", "sat,sun", "wed", "sun-tue", "fri,mon");
    for (int round = 0; round < 40; round++) {
      int from = random.nextInt(24);
      int to = random.nextInt(25);
      String part = "%s %02d:00-%02d:00".formatted(days.get(random.nextInt(days.size())), from, to);
      if (from == to) {
        continue;
      }
      BackupWindow window = window(part);
      // Two weeks in winter, without a change of clocks.
      Instant start = at("2026-01-05T00:00").plusSeconds(60L * random.nextInt(10_000));
      Optional<Instant> opens = Optional.empty();
      Optional<Instant> closes = Optional.empty();
      for (int minute = 0; minute < 9 * 24 * 60 && closes.isEmpty(); minute++) {
        Instant at = start.plusSeconds(60L * minute);
        boolean open = openByWallClock(window, at);
        assertThat(window.isOpen(at)).as(part + " at " + at).isEqualTo(open);
        if (open && opens.isEmpty()) {
          opens = Optional.of(at);
        }
        if (!open && opens.isPresent()) {
          closes = Optional.of(at);
        }
      }
      assertThat(window.nextOpening(start)).as(part).isEqualTo(opens.orElseThrow());
      assertThat(window.closesAfter(opens.get())).as(part).isEqualTo(closes);
    }
  }

  private static boolean openByWallClock(BackupWindow window, Instant at) {
    LocalDateTime wall = LocalDateTime.ofInstant(at, ZURICH);
    int minute = wall.getHour() * 60 + wall.getMinute();
    return window.open().stream()
        .anyMatch(
            part -> {
              boolean today = part.days().contains(wall.getDayOfWeek());
              boolean yesterday = part.days().contains(wall.getDayOfWeek().minus(1));
              boolean overnight = part.toMinute() <= part.fromMinute();
              return overnight
                  ? (today && minute >= part.fromMinute())
                      || (yesterday && minute < part.toMinute())
                  : today && minute >= part.fromMinute() && minute < part.toMinute();
            });
  }

  private static BackupWindow window(String... parts) {
    return BackupWindow.parse(ZURICH, List.of(parts));
  }

  private static Instant at(String wall) {
    return LocalDateTime.parse(wall).atZone(ZURICH).toInstant();
  }
}
