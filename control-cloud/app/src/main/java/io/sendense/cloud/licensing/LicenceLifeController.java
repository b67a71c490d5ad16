package io.sendense.cloud.licensing;

import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.Idempotency;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.Licence;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What happens to a licence between its issue and its end. */
@RestController
@RequestMapping("/api/v1/customers/{customerId}/licence")
class LicenceLifeController {
  private final Idempotency idempotency;
  private final LicenceActs acts;
  private final InstantSource clock;

  LicenceLifeController(Idempotency idempotency, LicenceActs acts, InstantSource clock) {
    this.idempotency = idempotency;
    this.acts = acts;
    this.clock = clock;
  }

  record Reason(@Nullable String reason) {
    String checked() {
      Findings findings = new Findings();
      String text = findings.text(reason, "reason", 3, 500);
      findings.orRefuse();
      return text;
    }
  }

  record RenewalRequest(@Nullable Long months) {}

  private interface Act {
    LicenceRecord on(DSLContext dsl, CustomerRef customer, LicenceRecord held, Instant now);
  }

  @PostMapping("/change")
  ResponseEntity<Object> change(
      Caller caller,
      @PathVariable String customerId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody ChangedLicence body) {
    return run(
        caller,
        customerId,
        key,
        "change",
        body,
        (dsl, customer, held, now) -> {
          refuseRevoked(held);
          Licence next = body.checked(LicenceStore.licence(held), now);
          LicenceRecord row =
              acts.put(dsl, caller.username(), next, Circumstances.after(held, body.cause()));
          return acts.keepSuspension(held, row);
        });
  }

  @PutMapping("/renewal")
  ResponseEntity<Object> renewal(
      Caller caller,
      @PathVariable String customerId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody RenewalRequest body) {
    Findings findings = new Findings();
    long months =
        body.months() == null
            ? 0
            : findings.number(body.months(), "months", 1, Renewal.MOST_MONTHS);
    findings.orRefuse();
    return run(
        caller,
        customerId,
        key,
        "renewal",
        body,
        (dsl, customer, held, now) -> {
          refuseRevoked(held);
          held.setRenewMonths(months == 0 ? null : (int) months);
          held.setRenewAnchor(months == 0 ? null : held.getValidTo());
          held.update();
          acts.tell(dsl, caller.username(), held, "renewal", Map.of("months", months), now);
          return held;
        });
  }

  @PostMapping("/suspend")
  ResponseEntity<Object> suspend(
      Caller caller,
      @PathVariable String customerId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody Reason body) {
    String reason = body.checked();
    return run(
        caller,
        customerId,
        key,
        "suspend",
        body,
        (dsl, customer, held, now) -> {
          refuseRevoked(held);
          held.setSuspendedAt(now.atOffset(ZoneOffset.UTC));
          held.setSuspendReason(reason);
          held.update();
          acts.tell(dsl, caller.username(), held, "suspend", Map.of("reason", reason), now);
          return held;
        });
  }

  @PostMapping("/resume")
  ResponseEntity<Object> resume(
      Caller caller,
      @PathVariable String customerId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    return run(
        caller,
        customerId,
        key,
        "resume",
        "",
        (dsl, customer, held, now) -> {
          refuseRevoked(held);
          held.setSuspendedAt(null);
          held.setSuspendReason(null);
          held.update();
          acts.tell(dsl, caller.username(), held, "resume", Map.of(), now);
          return held;
        });
  }

  @PostMapping("/revoke")
  ResponseEntity<Object> revoke(
      Caller caller,
      @PathVariable String customerId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody Reason body) {
    String reason = body.checked();
    return run(
        caller,
        customerId,
        key,
        "revoke",
        body,
        (dsl, customer, held, now) -> {
          if (held.getRevokedAt() == null) {
            held.setRevokedAt(now.atOffset(ZoneOffset.UTC));
            held.setRevokeReason(reason);
            held.update();
            acts.tell(dsl, caller.username(), held, "revoke", Map.of("reason", reason), now);
          }
          return held;
        });
  }

  @PostMapping("/transfer")
  ResponseEntity<Object> transfer(
      Caller caller,
      @PathVariable String customerId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    return run(
        caller,
        customerId,
        key,
        "transfer",
        "",
        (dsl, customer, held, now) -> {
          refuseRevoked(held);
          if (held.getHardware().length == 0) {
            throw conflict(held, "is bound to no hardware yet", "There is nothing to transfer.");
          }
          if (held.getTransfersLeft() == 0) {
            throw conflict(
                held,
                "has no transfers left",
                "Issue a licence with more, or change its hardware.");
          }
          LicenceRecord row =
              acts.put(
                  dsl,
                  caller.username(),
                  Successors.transferred(LicenceStore.licence(held), now),
                  Circumstances.after(held, "transfer"));
          return acts.keepSuspension(held, row);
        });
  }

  private ResponseEntity<Object> run(
      Caller caller, String customerId, @Nullable String key, String verb, Object body, Act act) {
    return idempotency.run(
        caller,
        key,
        "licence " + verb + " of " + customerId,
        body,
        HttpStatus.OK,
        dsl -> {
          CustomerRef customer = Customers.require(dsl, customerId);
          LicenceRecord held =
              LicenceStore.locked(dsl, customer)
                  .orElseThrow(() -> Customers.notFound("licence of customer", customerId));
          Instant now = clock.instant();
          return LicenceView.of(act.on(dsl, customer, held, now), now);
        });
  }

  private static void refuseRevoked(LicenceRecord held) {
    if (held.getRevokedAt() != null) {
      throw conflict(held, "was revoked and stays so", "Issue a new licence.");
    }
  }

  private static SendenseException conflict(LicenceRecord held, String what, String remedy) {
    return new SendenseException(
        ErrorCode.CONFLICT, "licence " + held.getLicenceId() + " " + what, remedy);
  }
}
