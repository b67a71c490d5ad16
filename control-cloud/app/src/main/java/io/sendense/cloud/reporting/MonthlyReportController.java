package io.sendense.cloud.reporting;

import static io.sendense.cloud.db.tenancy.Tables.CUSTOMER;

import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Months;
import io.sendense.domain.CustomerId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The month's report of one customer, or of all in the caller's scope. */
@RestController
@RequestMapping("/api/v1/reports")
class MonthlyReportController {
  private static final MediaType CSV = MediaType.parseMediaType("text/csv;charset=UTF-8");

  private final ScopedTx tx;
  private final InstantSource clock;

  MonthlyReportController(ScopedTx tx, InstantSource clock) {
    this.tx = tx;
    this.clock = clock;
  }

  record Report(String period, Instant at, List<ProtectionMonth> items) {}

  @GetMapping("/monthly")
  Report monthly(
      Caller caller,
      @RequestParam @Nullable String period,
      @RequestParam @Nullable String customerId) {
    YearMonth month = Months.required(period, "period");
    Instant now = clock.instant();
    return tx.run(
        caller.scope(),
        dsl ->
            new Report(
                month.toString(),
                now,
                customers(dsl, customerId).stream()
                    .map(customer -> ProtectionMonths.of(dsl, customer, month, now))
                    .toList()));
  }

  /** The same for spreadsheets. */
  @GetMapping("/monthly.csv")
  ResponseEntity<String> csv(
      Caller caller,
      @RequestParam @Nullable String period,
      @RequestParam @Nullable String customerId) {
    return ResponseEntity.ok()
        .contentType(CSV)
        .body(MonthlyCsv.of(monthly(caller, period, customerId).items()));
  }

  private static List<CustomerRef> customers(DSLContext dsl, @Nullable String customerId) {
    if (customerId != null) {
      return List.of(Customers.require(dsl, customerId));
    }
    List<UUID> ids =
        dsl.select(CUSTOMER.CUSTOMER_ID)
            .from(CUSTOMER)
            .orderBy(CUSTOMER.NAME, CUSTOMER.CUSTOMER_ID)
            .fetch(CUSTOMER.CUSTOMER_ID);
    return ids.stream().map(id -> Customers.require(dsl, new CustomerId(id))).toList();
  }
}
