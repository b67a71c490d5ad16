package io.sendense.cloud.tenancy;

import static io.sendense.cloud.db.tenancy.Tables.SITE;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.tenancy.tables.records.SiteRecord;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.SiteId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.springframework.stereotype.Component;

/** Makes sites of a customer. */
@Component
public class Sites {
  private final AuditLog audit;
  private final ChangeFeed changes;
  private final InstantSource clock;

  Sites(AuditLog audit, ChangeFeed changes, InstantSource clock) {
    this.audit = audit;
    this.changes = changes;
    this.clock = clock;
  }

  /** The customer's site of this name, in whatever case. */
  public static Optional<SiteRef> named(DSLContext dsl, CustomerRef customer, String name) {
    return dsl.selectFrom(SITE)
        .where(SITE.MSP_ID.eq(customer.msp().value()))
        .and(SITE.CUSTOMER_ID.eq(customer.customer().value()))
        .and(DSL.lower(SITE.NAME).eq(DSL.lower(DSL.val(name))))
        .fetchOptional(row -> new SiteRef(customer, new SiteId(row.getSiteId()), row.getName()));
  }

  /**
   * @throws io.sendense.domain.SendenseException ALREADY_EXISTS
   */
  public SiteRef create(
      DSLContext dsl, String actor, CustomerRef customer, String name, Optional<String> location) {
    SiteRecord row = insert(dsl, actor, customer, name, location);
    return new SiteRef(customer, new SiteId(row.getSiteId()), row.getName());
  }

  SiteRecord insert(
      DSLContext dsl, String actor, CustomerRef customer, String name, Optional<String> location) {
    Customers.refuseTaken(
        dsl,
        SITE.NAME,
        SITE.CUSTOMER_ID.eq(customer.customer().value()),
        name,
        customer.name() + " has a site");
    Instant now = clock.instant();
    SiteRecord row =
        dsl.insertInto(SITE)
            .set(SITE.MSP_ID, customer.msp().value())
            .set(SITE.CUSTOMER_ID, customer.customer().value())
            .set(SITE.NAME, name)
            .set(SITE.LOCATION, location.orElse(null))
            .set(SITE.CREATED_AT, now.atOffset(ZoneOffset.UTC))
            .returning()
            .fetchSingle();
    audit.record(
        dsl,
        AuditEvent.of(
            customer.msp(),
            customer.customer(),
            actor,
            "site.create",
            row.getSiteId(),
            Map.of("name", name)));
    changes.announce(
        dsl, Change.of("site", customer.msp(), customer.customer(), row.getSiteId(), now));
    return row;
  }
}
