package io.sendense.cloud.metering;

import static io.sendense.cloud.db.tenancy.Tables.CUSTOMER;

import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Months;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What was used in a month, without prices. */
@RestController
@RequestMapping("/api/v1")
class UsageTotalsController {
  private final ScopedTx tx;

  UsageTotalsController(ScopedTx tx) {
    this.tx = tx;
  }

  record CustomerUsageView(
      UUID customerId, String customerName, String period, String timeZone, UsageTotals totals) {}

  record MspUsageView(String period, List<CustomerUsageView> items) {}

  @GetMapping("/customers/{customerId}/usage")
  CustomerUsageView ofCustomer(
      Caller caller, @PathVariable String customerId, @RequestParam @Nullable String period) {
    YearMonth month = Months.required(period, "period");
    return tx.run(caller.scope(), dsl -> view(dsl, Customers.require(dsl, customerId), month));
  }

  @GetMapping("/msps/{mspId}/usage")
  MspUsageView ofMsp(
      Caller caller, @PathVariable String mspId, @RequestParam @Nullable String period) {
    MspId msp = MspId.parse(mspId);
    YearMonth month = Months.required(period, "period");
    return tx.run(
        caller.wholeMsp(msp),
        dsl -> {
          List<CustomerUsageView> items = new ArrayList<>();
          for (UUID id :
              dsl.select(CUSTOMER.CUSTOMER_ID)
                  .from(CUSTOMER)
                  .where(CUSTOMER.MSP_ID.eq(msp.value()))
                  .orderBy(CUSTOMER.NAME, CUSTOMER.CUSTOMER_ID)
                  .fetch(CUSTOMER.CUSTOMER_ID)) {
            items.add(view(dsl, Customers.require(dsl, new CustomerId(id)), month));
          }
          return new MspUsageView(month.toString(), items);
        });
  }

  private static CustomerUsageView view(DSLContext dsl, CustomerRef customer, YearMonth month) {
    return new CustomerUsageView(
        customer.customer().value(),
        customer.name(),
        month.toString(),
        customer.zone().getId(),
        UsageTotals.of(
            UsageRecords.between(
                dsl,
                customer.msp(),
                customer.customer(),
                Months.from(month, customer.zone()),
                Months.to(month, customer.zone())),
            customer.zone()));
  }
}
