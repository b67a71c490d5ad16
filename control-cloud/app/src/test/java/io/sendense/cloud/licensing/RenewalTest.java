package io.sendense.cloud.licensing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenewalTest {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

  @ParameterizedTest(name = "{0} by {1} months after {2}: {3}")
  @CsvSource({
    "2026-01-31T00:00:00Z, 1, 2026-01-31T00:00:00Z, 2026-02-28T00:00:00Z",
    "2026-01-31T00:00:00Z, 1, 2026-02-28T00:00:00Z, 2026-03-30T23:00:00Z",
    "2024-02-29T00:00:00Z, 12, 2027-02-28T00:00:00Z, 2028-02-29T00:00:00Z",
    "2026-12-31T23:00:00Z, 12, 2026-12-31T23:00:00Z, 2027-12-31T23:00:00Z",
  })
  void endsKeepTheAnchorsDayAndTheZonesHour(Instant anchor, int months, Instant end, Instant next) {
    assertThat(new Renewal(months, anchor).nextEnd(end, end.minusSeconds(1), ZURICH))
        .isEqualTo(next);
  }

  @Test
  void whatRanOutLongAgoEndsInTheFutureAgain() {
    Instant anchor = Instant.parse("2020-05-31T10:00:00Z");
    Instant now = Instant.parse("2026-12-01T00:00:00Z");
    assertThat(new Renewal(1, anchor).nextEnd(anchor, now, ZURICH))
        .isEqualTo(Instant.parse("2026-12-31T11:00:00Z"));
  }

  @Test
  void itIsDueFourteenDaysBeforeTheEndAndNotASecondSooner() {
    Instant end = Instant.parse("2026-12-15T00:00:00Z");
    assertThat(Renewal.isDue(end, Instant.parse("2026-11-30T23:59:59Z"))).isFalse();
    assertThat(Renewal.isDue(end, Instant.parse("2026-12-01T00:00:00Z"))).isTrue();
  }

  /** Whatever was bought: the next end lies ahead, and at most the months and a day further. */
  @RepeatedTest(50)
  void theNextEndIsAlwaysTheFirstThatIsLater() {
    long seed = RandomGenerator.getDefault().nextLong();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Instant anchor = Instant.ofEpochSecond(random.nextLong(1_700_000_000L, 1_900_000_000L));
    int months = random.nextInt(1, Renewal.MOST_MONTHS + 1);
    Renewal renewal = new Renewal(months, anchor);
    Instant end = anchor;
    for (int i = 0; i < 20; i++) {
      Instant next = renewal.nextEnd(end, end.minusSeconds(1), ZURICH);
      assertThat(next).as("seed " + seed).isAfter(end);
      Instant most = end.atZone(ZURICH).plusMonths(months).plusDays(4).toInstant();
      assertThat(next).as("seed " + seed).isBefore(most);
      end = next;
    }
  }
}
