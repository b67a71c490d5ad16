package io.sendense.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.billing.metering.UsageRecord;
import io.sendense.billing.metering.VmUsage;
import io.sendense.domain.Edition;
import io.sendense.domain.MspId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RatingPropertiesTest {
  private static final PriceBook BOOK = PriceBook.v1();
  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Europe/Berlin",
          "America/New_York",
          "Asia/Kolkata",
          "Australia/Lord_Howe",
          "Pacific/Kiritimati");

  @Property(tries = 300)
  void linesSumToTheTotalAndTheTotalIsTheExactSumRoundedOnce(@ForAll long seed) {
    Rated rated = wholesale(new Random(seed), List.of(), new Random(seed));
    BigDecimal sum =
        rated.lines().stream().map(RatedLine::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(sum).isEqualByComparingTo(rated.total());
    Exact exact = rated.lines().stream().map(RatedLine::exact).reduce(Exact.ZERO, Exact::plus);
    assertThat(exact.rounded(2, RoundingMode.HALF_UP)).isEqualByComparingTo(rated.total());
    for (RatedLine line : rated.lines()) {
      Exact off = Exact.of(line.amount()).minus(line.exact());
      assertThat(off.compareTo(Exact.of(new BigDecimal("0.01")))).isNegative();
      assertThat(off.compareTo(Exact.of(new BigDecimal("-0.01")))).isPositive();
    }
  }

  @Property(tries = 200)
  void orderOfRecordsAndCustomersChangesNothing(@ForAll long seed, @ForAll long shuffle) {
    Rated straight = wholesale(new Random(seed), List.of(), new Random(0));
    Rated shuffled = wholesale(new Random(seed), List.of(shuffle), new Random(shuffle));
    assertThat(shuffled).isEqualTo(straight);
  }

  @Property(tries = 100)
  void computingAgainGivesTheSame(@ForAll long seed) {
    assertThat(wholesale(new Random(seed), List.of(), new Random(0)))
        .isEqualTo(wholesale(new Random(seed), List.of(), new Random(0)));
  }

  @Property(tries = 100)
  void everyUsageLineIsBackedByRecordsThatExist(@ForAll long seed) {
    Random random = new Random(seed);
    CustomerUsage usage = customer(random, 1);
    List<String> known = usage.records().stream().map(each -> each.id().toString()).toList();
    Rated retail = Rating.retail(BOOK, BillingPeriod.whole(YearMonth.of(2026, 10)), usage);
    for (RatedLine line : retail.lines()) {
      assertThat(line.records()).isNotEmpty();
      assertThat(known).containsAll(line.records().stream().map(Object::toString).toList());
    }
  }

  private static Rated wholesale(Random random, List<Long> shuffled, Random order) {
    List<CustomerUsage> customers = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      CustomerUsage usage = customer(random, i);
      List<UsageRecord> records = new ArrayList<>(usage.records());
      if (!shuffled.isEmpty()) {
        Collections.shuffle(records, order);
      }
      customers.add(new CustomerUsage(usage.account(), records));
    }
    if (!shuffled.isEmpty()) {
      Collections.shuffle(customers, order);
    }
    MspAccount msp =
        new MspAccount(new MspId(new UUID(3, 3)), Customers.UTC, LocalDate.of(2026, 10, 7));
    return Rating.wholesale(BOOK, BillingPeriod.whole(YearMonth.of(2026, 10)), msp, customers);
  }

  private static CustomerUsage customer(Random random, int number) {
    ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
    Customers customer =
        Customers.of(Customers.account(number, zone, random.nextBoolean(), random.nextBoolean()));
    Instant from = Instant.parse("2026-10-20T00:00:00Z");
    for (int i = 0; i < 30; i++) {
      int vms = random.nextInt(4);
      VmUsage[] hour = new VmUsage[vms];
      for (int vm = 0; vm < vms; vm++) {
        hour[vm] =
            new VmUsage(
                Customers.id(vm),
                List.of(Edition.values()).get(random.nextInt(Edition.values().length)),
                random.nextInt(4) > 0,
                random.nextInt(3),
                random.nextLong(50_000) * Customers.GB,
                random.nextInt(1000),
                random.nextInt(4));
      }
      customer.hour(from.plusSeconds(3600L * random.nextInt(14 * 24)), hour);
    }
    return customer.usage();
  }
}
