package io.sendense.cloud.tenancy;

import static io.sendense.cloud.db.tenancy.Tables.CUSTOMER;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.tenancy.tables.records.CustomerRecord;
import io.sendense.cloud.identity.Accounts;
import io.sendense.cloud.identity.Role;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.springframework.stereotype.Component;

/** Makes and renames customers of an MSP, in a scope that is the whole MSP. */
@Component
public class NewCustomers {
  private final AuditLog audit;
  private final ChangeFeed changes;
  private final InstantSource clock;

  NewCustomers(AuditLog audit, ChangeFeed changes, InstantSource clock) {
    this.audit = audit;
    this.changes = changes;
    this.clock = clock;
  }

  /** What came of it; the credentials are shown once. */
  public record Made(CustomerRef customer, Accounts.Credentials credentials) {}

  /**
   * @param externalId how the MSP's own systems call it
   * @param account creates the first administrator's account, as the last step
   */
  public Made create(
      DSLContext dsl,
      String actor,
      MspId msp,
      NewTenant.Checked wanted,
      Optional<String> externalId,
      Function<Accounts.NewAccount, Accounts.Credentials> account) {
    CustomerRecord row = insert(dsl, actor, msp, wanted, externalId);
    CustomerId id = new CustomerId(row.getCustomerId());
    Accounts.Credentials credentials =
        account.apply(wanted.admin().account(Role.CUSTOMER_ADMIN, Scope.customer(msp, id)));
    return new Made(Customers.require(dsl, id), credentials);
  }

  private CustomerRecord insert(
      DSLContext dsl,
      String actor,
      MspId msp,
      NewTenant.Checked wanted,
      Optional<String> externalId) {
    Customers.refuseTaken(
        dsl, CUSTOMER.NAME, DSL.noCondition(), wanted.name(), "there is a customer");
    Instant now = clock.instant();
    CustomerRecord row =
        dsl.insertInto(CUSTOMER)
            .set(CUSTOMER.MSP_ID, msp.value())
            .set(CUSTOMER.NAME, wanted.name())
            .set(CUSTOMER.TIME_ZONE, wanted.zone().getId())
            .set(CUSTOMER.CREATED_AT, now.atOffset(ZoneOffset.UTC))
            .set(CUSTOMER.EXTERNAL_ID, externalId.orElse(null))
            .returning()
            .fetchSingle();
    CustomerId id = new CustomerId(row.getCustomerId());
    audit.record(dsl, AuditEvent.of(msp, id, actor, "customer.create", id, wanted.detail()));
    changes.announce(dsl, Change.of("customer", msp, id, id, now));
    return row;
  }

  /** Gives it this name; nothing happens where it has it. */
  public CustomerRef rename(DSLContext dsl, String actor, CustomerRef customer, String name) {
    if (customer.name().equals(name)) {
      return customer;
    }
    Customers.refuseTaken(
        dsl,
        CUSTOMER.NAME,
        CUSTOMER.CUSTOMER_ID.ne(customer.customer().value()),
        name,
        "there is a customer");
    int unused =
        dsl.update(CUSTOMER)
            .set(CUSTOMER.NAME, name)
            .where(CUSTOMER.MSP_ID.eq(customer.msp().value()))
            .and(CUSTOMER.CUSTOMER_ID.eq(customer.customer().value()))
            .execute();
    audit.record(
        dsl,
        AuditEvent.of(
            customer.msp(),
            customer.customer(),
            actor,
            "customer.rename",
            customer.customer(),
            Map.of("name", name, "before", customer.name())));
    changes.announce(
        dsl,
        Change.of(
            "customer", customer.msp(), customer.customer(), customer.customer(), clock.instant()));
    return Customers.require(dsl, customer.customer());
  }
}
