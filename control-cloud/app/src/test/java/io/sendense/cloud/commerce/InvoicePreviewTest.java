package io.sendense.cloud.commerce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.billing.metering.VmUsage;
import io.sendense.cloud.db.Scope;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.metering.MoneyFixture;
import io.sendense.domain.Edition;
import io.sendense.domain.SendenseException;
import io.sendense.domain.VmId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvoicePreviewTest {
  private static final Instant HOUR = Instant.parse("2026-11-20T22:00:00Z");
  private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);

  private MoneyFixture money;

  @BeforeAll
  void start() {
    money = new MoneyFixture();
  }

  @AfterAll
  void stop() {
    money.close();
  }

  @Test
  void oneVmProtectedTodayIsOneVmDayOnBothSidesAndNamesItsRecords() {
    ApplianceIdentity identity = money.tenant("preview", "UTC");
    MoneyFixture.Sender sender = money.sender(identity);
    sender.chain.append(
        HOUR,
        List.of(new VmUsage(new VmId(new UUID(1, 1)), Edition.REPLICATION, true, 2, 5000, 300, 1)));
    sender.send(sender.batch());
    sender.send(sender.batch());

    InvoicePreview retail = retail(identity);
    assertThat(retail.kind()).isEqualTo("retail");
    assertThat(retail.period()).isEqualTo("2026-11");
    assertThat(retail.total()).isEqualTo("3.33");
    assertThat(retail.lines())
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.code()).isEqualTo("vm-replication");
              assertThat(line.quantity()).isEqualTo("1");
              assertThat(line.unit()).isEqualTo("VM-day");
              assertThat(line.unitPrice()).isEqualTo("100");
              assertThat(line.exactAmount()).isEqualTo("3.3333333333");
              assertThat(line.explanation()).contains("/ 30 days = 10/3");
              assertThat(line.recordIds()).containsExactly(identity.appliance() + "/usage/1/1");
            });

    InvoicePreview wholesale =
        money.tx.run(
            new Scope.WholeMsp(identity.msp()),
            dsl -> InvoicePreviews.ofMsp(dsl, identity.msp(), NOVEMBER, money.clock.instant()));
    assertThat(wholesale.lines())
        .extracting(InvoicePreview.Line::code)
        .containsExactly("msp-base", "vm-replication");
    assertThat(wholesale.lines().get(1).recordIds())
        .isEqualTo(retail.lines().getFirst().recordIds());
    // The MSP is one day old: 200/30 and 50/30.
    assertThat(wholesale.total()).isEqualTo("8.33");
    assertThat(
            wholesale.lines().stream()
                .map(line -> new BigDecimal(line.amount()))
                .reduce(BigDecimal.ZERO, BigDecimal::add))
        .isEqualByComparingTo(wholesale.total());
  }

  @Test
  void customerWithoutUsageOwesNothing() {
    assertThat(retail(money.tenant("silent", "Europe/Berlin")).total()).isEqualTo("0.00");
  }

  @Test
  void anotherTenantsCustomerIsNotThere() {
    ApplianceIdentity mine = money.tenant("owner", "UTC");
    ApplianceIdentity theirs = money.tenant("neighbour", "UTC");
    assertThatThrownBy(
            () ->
                money.tx.run(
                    new Scope.WholeMsp(theirs.msp()),
                    dsl ->
                        InvoicePreviews.ofCustomer(
                            dsl, mine.customer().toString(), NOVEMBER, money.clock.instant())))
        .isInstanceOf(SendenseException.class);
    assertThatThrownBy(
            () ->
                money.tx.run(
                    new Scope.WholeMsp(theirs.msp()),
                    dsl -> InvoicePreviews.ofMsp(dsl, mine.msp(), NOVEMBER, money.clock.instant())))
        .isInstanceOf(SendenseException.class);
  }

  private InvoicePreview retail(ApplianceIdentity identity) {
    return money.tx.run(
        new Scope.WholeMsp(identity.msp()),
        dsl ->
            InvoicePreviews.ofCustomer(
                dsl, identity.customer().toString(), NOVEMBER, money.clock.instant()));
  }
}
