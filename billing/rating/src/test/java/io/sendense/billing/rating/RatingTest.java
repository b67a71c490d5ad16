package io.sendense.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.billing.metering.UsageRecord;
import io.sendense.billing.metering.VmUsage;
import io.sendense.domain.Edition;
import io.sendense.domain.MspId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatingTest {
  private static final PriceBook BOOK = PriceBook.v1();
  private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);
  private static final BillingPeriod PERIOD = BillingPeriod.whole(NOVEMBER);
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final MspAccount MSP =
      new MspAccount(new MspId(new UUID(3, 3)), Customers.UTC, LocalDate.of(2020, 1, 1));

  @Test
  void vmProtectedOnOneDayCostsOneDayOfTheActualMonth() {
    CustomerUsage usage =
        Customers.in(Customers.UTC).hours(NOON, 3, Customers.vm(1, Edition.BACKUP)).usage();
    Rated retail = Rating.retail(BOOK, PERIOD, usage);
    assertThat(retail.lines()).hasSize(1);
    RatedLine line = retail.lines().getFirst();
    assertThat(line.code()).isEqualTo("vm-backup");
    assertThat(line.quantity()).isEqualTo(Exact.of(1));
    assertThat(line.exact().toString()).isEqualTo("1/3");
    assertThat(line.amount()).isEqualByComparingTo("0.33");
    assertThat(retail.total()).isEqualByComparingTo("0.33");
    assertThat(line.records())
        .containsExactlyElementsOf(usage.records().stream().map(UsageRecord::id).toList());
  }

  @Test
  void wholeMonthCostsThePriceInEveryMonthOfTheYear() {
    for (int month = 1; month <= 12; month++) {
      YearMonth of = YearMonth.of(2028, month);
      Customers customer = Customers.in(Customers.UTC);
      for (int day = 1; day <= of.lengthOfMonth(); day++) {
        customer.hour(
            of.atDay(day).atTime(3, 0).toInstant(java.time.ZoneOffset.UTC),
            Customers.vm(1, Edition.ENTERPRISE));
      }
      assertThat(Rating.retail(BOOK, BillingPeriod.whole(of), customer.usage()).total())
          .as("%s", of)
          .isEqualByComparingTo("25.00");
    }
  }

  @Test
  void vmCountsOnceADayInItsHighestEdition() {
    CustomerUsage usage =
        Customers.in(Customers.UTC)
            .hour(NOON, Customers.vm(1, Edition.BACKUP))
            .hour(NOON.plusSeconds(3600), Customers.vm(1, Edition.REPLICATION))
            .hour(NOON.plusSeconds(7200), Customers.vm(1, Edition.BACKUP))
            .usage();
    Rated retail = Rating.retail(BOOK, PERIOD, usage);
    assertThat(retail.lines()).extracting(RatedLine::code).containsExactly("vm-replication");
    assertThat(retail.total()).isEqualByComparingTo("3.33");
  }

  @Test
  void policyWithoutAPointAndPointWithoutAPolicyCostNothing() {
    VmUsage noPoint = new VmUsage(Customers.id(1), Edition.BACKUP, true, 0, 0, 5, 0);
    VmUsage noPolicy = new VmUsage(Customers.id(2), Edition.BACKUP, false, 4, 0, 5, 0);
    CustomerUsage usage = Customers.in(Customers.UTC).hours(NOON, 5, noPoint, noPolicy).usage();
    assertThat(Rating.retail(BOOK, PERIOD, usage).lines()).isEmpty();
    assertThat(Rating.retail(BOOK, PERIOD, usage).total()).isEqualByComparingTo("0");
  }

  @Test
  void policyAndPointAtDifferentHoursOfOneDayAreProtection() {
    CustomerUsage usage =
        Customers.in(Customers.UTC)
            .hour(NOON, new VmUsage(Customers.id(1), Edition.BACKUP, true, 0, 0, 5, 0))
            .hour(
                NOON.plusSeconds(3600),
                new VmUsage(Customers.id(1), Edition.BACKUP, false, 1, 0, 5, 0))
            .usage();
    assertThat(Rating.retail(BOOK, PERIOD, usage).total()).isEqualByComparingTo("0.33");
  }

  @Test
  void trialAndCommunityAreFree() {
    CustomerUsage usage =
        Customers.in(Customers.UTC)
            .hours(
                NOON,
                5,
                Customers.vm(1, Edition.TRIAL, 900 * Customers.GB, 3),
                Customers.vm(2, Edition.COMMUNITY, 900 * Customers.GB, 3))
            .usage();
    assertThat(Rating.retail(BOOK, PERIOD, usage).lines()).isEmpty();
  }

  @Test
  void dayIsTheCustomersOwn() {
    ZoneId auckland = ZoneId.of("Pacific/Auckland");
    CustomerUsage usage =
        Customers.in(auckland)
            .hour(Instant.parse("2026-10-31T10:00:00Z"), Customers.vm(1, Edition.BACKUP))
            .hour(Instant.parse("2026-10-31T11:00:00Z"), Customers.vm(1, Edition.BACKUP))
            .hour(Instant.parse("2026-11-30T11:00:00Z"), Customers.vm(1, Edition.BACKUP))
            .usage();
    RatedLine line = Rating.retail(BOOK, PERIOD, usage).lines().getFirst();
    assertThat(line.quantity()).isEqualTo(Exact.of(1));
    assertThat(line.records()).containsExactly(usage.records().get(1).id());
  }

  @Test
  void storedBytesAreThePooledAverageOfEachDay() {
    // 24 hours of 500 GB with two VMs' allowance of 400 GB: 100 GB above for one day.
    CustomerUsage usage =
        Customers.in(Customers.UTC)
            .hours(
                Instant.parse("2026-11-20T00:00:00Z"),
                24,
                Customers.vm(1, Edition.BACKUP, 450 * Customers.GB, 1),
                Customers.vm(2, Edition.BACKUP, 50 * Customers.GB, 1))
            .usage();
    RatedLine line = line(Rating.retail(BOOK, PERIOD, usage), "storage");
    assertThat(line.quantity()).isEqualTo(Exact.of(100));
    assertThat(line.exact().toString()).isEqualTo("1/3");
    assertThat(line.records()).hasSize(24);
    assertThat(line.explanation()).contains("2026-11-20").contains("100 GB");
  }

  @Test
  void dayOf25HoursAveragesOver25Hours() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    CustomerUsage usage =
        Customers.in(berlin)
            .hours(
                Instant.parse("2026-10-24T22:00:00Z"),
                25,
                Customers.vm(1, Edition.BACKUP, 300 * Customers.GB, 1))
            .usage();
    RatedLine line =
        line(Rating.retail(BOOK, BillingPeriod.whole(YearMonth.of(2026, 10)), usage), "storage");
    assertThat(line.quantity()).isEqualTo(Exact.of(100));
  }

  @Test
  void hourThatIsReportedTwiceCountsItsMaximum() {
    CustomerUsage usage =
        Customers.in(Customers.UTC)
            .hours(
                Instant.parse("2026-11-20T00:00:00Z"),
                24,
                Customers.vm(1, Edition.BACKUP, 300 * Customers.GB, 1))
            .hours(
                Instant.parse("2026-11-20T00:00:00Z"),
                24,
                Customers.vm(1, Edition.BACKUP, 250 * Customers.GB, 1))
            .usage();
    assertThat(line(Rating.retail(BOOK, PERIOD, usage), "storage").quantity())
        .isEqualTo(Exact.of(100));
  }

  @Test
  void targetsBeyondTheFirstCostExtra() {
    CustomerUsage usage =
        Customers.in(Customers.UTC)
            .hour(
                NOON,
                Customers.vm(1, Edition.REPLICATION, 0, 3),
                Customers.vm(2, Edition.REPLICATION, 0, 1))
            .usage();
    Rated retail = Rating.retail(BOOK, PERIOD, usage);
    assertThat(line(retail, "replication-target").quantity()).isEqualTo(Exact.of(2));
    assertThat(retail.total()).isEqualByComparingTo("8.33");
  }

  @Test
  void mspBaseIsChargedOnceHoweverManyCustomers() {
    List<CustomerUsage> customers =
        IntStream.range(0, 102)
            .mapToObj(i -> Customers.of(Customers.account(i, Customers.UTC, false, false)).usage())
            .toList();
    Rated wholesale = Rating.wholesale(BOOK, PERIOD, MSP, customers);
    assertThat(wholesale.lines())
        .extracting(RatedLine::code)
        .containsExactly("msp-base", "msp-customers");
    assertThat(wholesale.total()).isEqualByComparingTo("204.00");
  }

  @Test
  void wholesaleAndRetailComeFromTheSameRecords() {
    CustomerUsage usage =
        Customers.of(Customers.account(1, Customers.UTC, true, true))
            .hour(NOON, Customers.vm(1, Edition.BACKUP), Customers.vm(2, Edition.ENTERPRISE))
            .usage();
    Rated retail = Rating.retail(BOOK, PERIOD, usage);
    Rated wholesale = Rating.wholesale(BOOK, PERIOD, MSP, List.of(usage));
    assertThat(line(wholesale, "vm-enterprise").exact().times(Exact.of(2)))
        .isEqualTo(line(retail, "vm-enterprise").exact());
    assertThat(line(wholesale, "vm-backup").records())
        .isEqualTo(line(retail, "vm-backup").records());
    // Premium support: 50 per VM-month to the customer, 50 per customer and month to the MSP.
    assertThat(line(retail, "premium-support").quantity()).isEqualTo(Exact.of(2));
    assertThat(line(wholesale, "premium-support").exact()).isEqualTo(Exact.of(50));
    assertThat(line(wholesale, "white-label").exact()).isEqualTo(Exact.of(100));
    assertThat(retail.lines()).extracting(RatedLine::code).doesNotContain("white-label");
  }

  @Test
  void customerOfHalfAMonthPaysHalfOfWhatIsFixed() {
    CustomerAccount left =
        new CustomerAccount(
            Customers.account(1, Customers.UTC, false, false).id(),
            Customers.UTC,
            true,
            false,
            LocalDate.of(2026, 11, 6),
            java.util.Optional.of(LocalDate.of(2026, 11, 21)));
    Rated wholesale = Rating.wholesale(BOOK, PERIOD, MSP, List.of(Customers.of(left).usage()));
    assertThat(line(wholesale, "premium-support").amount()).isEqualByComparingTo("25.00");
  }

  @Test
  void previewCountsFixedChargesUpToToday() {
    BillingPeriod soFar = BillingPeriod.soFar(NOVEMBER, LocalDate.of(2026, 11, 3));
    Rated wholesale = Rating.wholesale(BOOK, soFar, MSP, List.of());
    assertThat(wholesale.total()).isEqualByComparingTo("20.00");
    assertThat(BillingPeriod.soFar(NOVEMBER, LocalDate.of(2027, 1, 1))).isEqualTo(PERIOD);
    assertThat(
            Rating.wholesale(
                    BOOK, BillingPeriod.soFar(NOVEMBER, LocalDate.of(2026, 10, 1)), MSP, List.of())
                .total())
        .isEqualByComparingTo("0");
  }

  @Test
  void centsGoToTheLargestRemaindersAndLinesSumToTheTotal() {
    // Three thirds of a cent more than floors: 10/30, 25/30 and 100/30 are 0.33+, 0.83+, 3.33+.
    CustomerUsage usage =
        Customers.in(Customers.UTC)
            .hour(
                NOON,
                Customers.vm(1, Edition.BACKUP),
                Customers.vm(2, Edition.ENTERPRISE),
                Customers.vm(3, Edition.REPLICATION))
            .usage();
    Rated retail = Rating.retail(BOOK, PERIOD, usage);
    assertThat(retail.total()).isEqualByComparingTo("4.50");
    assertThat(retail.lines())
        .extracting(RatedLine::amount)
        .containsExactly(new BigDecimal("0.34"), new BigDecimal("0.83"), new BigDecimal("3.33"));
  }

  @Test
  void dayThatAZoneLeftOutIsNoDay() {
    ZoneId apia = ZoneId.of("Pacific/Apia");
    CustomerUsage usage =
        Customers.in(apia)
            .hours(Instant.parse("2011-12-30T00:00:00Z"), 48, Customers.vm(1, Edition.BACKUP))
            .usage();
    Rated rated = Rating.retail(BOOK, BillingPeriod.whole(YearMonth.of(2011, 12)), usage);
    assertThat(line(rated, "vm-backup").quantity()).isEqualTo(Exact.of(2));
  }

  @Test
  void sameRecordsGivenTwiceChangeNothing() {
    CustomerUsage once =
        Customers.in(Customers.UTC).hours(NOON, 30, Customers.vm(1, Edition.BACKUP)).usage();
    List<UsageRecord> doubled = new ArrayList<>(once.records());
    doubled.addAll(once.records());
    assertThat(Rating.retail(BOOK, PERIOD, new CustomerUsage(once.account(), doubled)))
        .isEqualTo(Rating.retail(BOOK, PERIOD, once));
  }

  private static RatedLine line(Rated rated, String code) {
    return rated.lines().stream()
        .filter(line -> line.code().equals(code))
        .findFirst()
        .orElseThrow();
  }
}
