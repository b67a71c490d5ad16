package io.sendense.cloud.licensing;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.cloud.web.Idempotency;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.issuer.GrantIssuer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/customers/{customerId}/licence")
class LicenceController {
  private final ScopedTx tx;
  private final Idempotency idempotency;
  private final AuditLog audit;
  private final ChangeFeed changes;
  private final GrantIssuer issuer;
  private final InstantSource clock;

  LicenceController(
      ScopedTx tx,
      Idempotency idempotency,
      AuditLog audit,
      ChangeFeed changes,
      GrantIssuer issuer,
      InstantSource clock) {
    this.tx = tx;
    this.idempotency = idempotency;
    this.audit = audit;
    this.changes = changes;
    this.issuer = issuer;
    this.clock = clock;
  }

  @GetMapping
  LicenceView get(Caller caller, @PathVariable String customerId) {
    return tx.run(
        caller.scope(),
        dsl -> {
          CustomerRef customer = Customers.require(dsl, customerId);
          LicenceRecord row =
              LicenceStore.inForce(dsl, customer)
                  .orElseThrow(() -> Customers.notFound("licence of customer", customerId));
          return LicenceView.of(row, clock.instant());
        });
  }

  @PostMapping
  ResponseEntity<Object> issue(
      Caller caller,
      @PathVariable String customerId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody NewLicence body) {
    return idempotency.run(
        caller,
        key,
        "POST /customers/" + customerId + "/licence",
        body,
        HttpStatus.CREATED,
        dsl -> issue(dsl, caller, Customers.require(dsl, customerId), body));
  }

  private LicenceView issue(DSLContext dsl, Caller caller, CustomerRef customer, NewLicence body) {
    Instant now = clock.instant();
    Licence licence = body.checked(customer, now);
    LicenceRecord row = LicenceStore.replace(dsl, licence, issuer.sign(licence));
    audit.record(
        dsl,
        AuditEvent.of(
            customer.msp(),
            customer.customer(),
            caller.username(),
            "licence.issue",
            licence.id(),
            Map.of(
                "edition", row.getEdition(),
                "maxVms", row.getMaxVms(),
                "validTo", licence.validTo().toString())));
    changes.announce(
        dsl, Change.of("licence", customer.msp(), customer.customer(), licence.id(), now));
    return LicenceView.of(row, now);
  }
}
