package io.sendense.cloud.commerce;

import static io.sendense.cloud.db.protection.Tables.VM;
import static io.sendense.cloud.db.tenancy.Tables.CUSTOMER;
import static io.sendense.cloud.db.tenancy.Tables.MSP;

import io.sendense.billing.rating.BillingPeriod;
import io.sendense.billing.rating.CustomerAccount;
import io.sendense.billing.rating.CustomerUsage;
import io.sendense.billing.rating.MspAccount;
import io.sendense.billing.rating.PriceBook;
import io.sendense.billing.rating.Rated;
import io.sendense.billing.rating.Rating;
import io.sendense.cloud.db.tenancy.tables.records.CustomerRecord;
import io.sendense.cloud.db.tenancy.tables.records.MspRecord;
import io.sendense.cloud.metering.UsageRecords;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * What a month costs so far, computed anew from the accepted records each time. Nothing is stored,
 * so nothing can disagree.
 */
final class InvoicePreviews {
  private static final PriceBook BOOK = PriceBook.v1();

  private InvoicePreviews() {}

  /** Retail: what this customer would pay its MSP. */
  static InvoicePreview ofCustomer(
      DSLContext dsl, String customerId, YearMonth month, Instant now) {
    CustomerRef customer = Customers.require(dsl, customerId);
    CustomerRecord row =
        dsl.selectFrom(CUSTOMER)
            .where(CUSTOMER.MSP_ID.eq(customer.msp().value()))
            .and(CUSTOMER.CUSTOMER_ID.eq(customer.customer().value()))
            .fetchSingle();
    BillingPeriod period = BillingPeriod.soFar(month, now.atZone(customer.zone()).toLocalDate());
    Rated rated = Rating.retail(BOOK, period, usage(dsl, row, month));
    return InvoicePreview.of(
        rated,
        Optional.of(customer.msp().value()),
        Optional.of(customer.customer().value()),
        customer.zone(),
        new Names(
            Map.of(customer.customer().value(), customer.name()),
            vms(dsl, customer.msp(), VM.CUSTOMER_ID.eq(customer.customer().value()))),
        now);
  }

  /** Wholesale: what this MSP would pay the platform. */
  static InvoicePreview ofMsp(DSLContext dsl, MspId id, YearMonth month, Instant now) {
    MspRecord msp =
        dsl.selectFrom(MSP)
            .where(MSP.MSP_ID.eq(id.value()))
            .fetchOptional()
            .orElseThrow(() -> Customers.notFound("MSP", id));
    ZoneId zone = ZoneId.of(msp.getTimeZone());
    List<CustomerUsage> usage = new ArrayList<>();
    Map<UUID, String> names = new TreeMap<>();
    for (CustomerRecord row :
        dsl.selectFrom(CUSTOMER).where(CUSTOMER.MSP_ID.eq(id.value())).fetch()) {
      usage.add(usage(dsl, row, month));
      names.put(row.getCustomerId(), row.getName());
    }
    Rated rated =
        Rating.wholesale(
            BOOK,
            BillingPeriod.soFar(month, now.atZone(zone).toLocalDate()),
            new MspAccount(id, zone, msp.getCreatedAt().atZoneSameInstant(zone).toLocalDate()),
            usage);
    return InvoicePreview.of(
        rated,
        Optional.of(id.value()),
        Optional.empty(),
        zone,
        new Names(names, vms(dsl, id, DSL.noCondition())),
        now);
  }

  private static Map<UUID, String> vms(DSLContext dsl, MspId msp, Condition which) {
    return dsl.select(VM.VM_ID, VM.NAME)
        .from(VM)
        .where(VM.MSP_ID.eq(msp.value()))
        .and(which)
        .fetchMap(VM.VM_ID, VM.NAME);
  }

  /** Premium support and white label cannot be agreed on yet. */
  private static CustomerUsage usage(DSLContext dsl, CustomerRecord row, YearMonth month) {
    ZoneId zone = ZoneId.of(row.getTimeZone());
    CustomerAccount account =
        new CustomerAccount(
            new CustomerId(row.getCustomerId()),
            zone,
            false,
            false,
            row.getCreatedAt().atZoneSameInstant(zone).toLocalDate(),
            Optional.empty());
    return new CustomerUsage(
        account,
        UsageRecords.between(
            dsl,
            new MspId(row.getMspId()),
            account.id(),
            month.atDay(1).atStartOfDay(zone).toInstant(),
            month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant()));
  }
}
