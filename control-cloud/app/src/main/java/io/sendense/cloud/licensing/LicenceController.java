package io.sendense.cloud.licensing;

import static io.sendense.cloud.db.licensing.Tables.LICENCE;

import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Idempotency;
import java.time.InstantSource;
import java.util.List;
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
@RequestMapping("/api/v1/customers/{customerId}")
class LicenceController {
  /** A licence is renewed or changed now and then; a list longer than that is nobody's history. */
  private static final int MOST_OF_HISTORY = 500;

  private final ScopedTx tx;
  private final Idempotency idempotency;
  private final Licences licences;
  private final InstantSource clock;

  LicenceController(ScopedTx tx, Idempotency idempotency, Licences licences, InstantSource clock) {
    this.tx = tx;
    this.idempotency = idempotency;
    this.licences = licences;
    this.clock = clock;
  }

  record History(List<LicenceView> items) {}

  @GetMapping("/licence")
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

  @GetMapping("/licences")
  History history(Caller caller, @PathVariable String customerId) {
    return tx.run(
        caller.scope(),
        dsl -> {
          CustomerRef customer = Customers.require(dsl, customerId);
          return new History(
              dsl.selectFrom(LICENCE)
                  .where(LICENCE.MSP_ID.eq(customer.msp().value()))
                  .and(LICENCE.CUSTOMER_ID.eq(customer.customer().value()))
                  .orderBy(
                      LICENCE.REPLACED_AT.desc().nullsFirst(),
                      LICENCE.ISSUED_AT.desc(),
                      LICENCE.LICENCE_ID)
                  .limit(MOST_OF_HISTORY)
                  .fetch(row -> LicenceView.of(row, clock.instant())));
        });
  }

  @PostMapping("/licence")
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
        dsl -> licences.issue(dsl, caller.username(), Customers.require(dsl, customerId), body));
  }
}
