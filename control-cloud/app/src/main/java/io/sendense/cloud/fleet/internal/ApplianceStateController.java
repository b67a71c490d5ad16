package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.APPLIANCE;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.Idempotency;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lets appliances in and out. */
@RestController
@RequestMapping("/api/v1/customers/{customerId}/appliances/{applianceId}")
class ApplianceStateController {
  private final Idempotency idempotency;
  private final ApplianceActs acts;

  ApplianceStateController(Idempotency idempotency, ApplianceActs acts) {
    this.idempotency = idempotency;
    this.acts = acts;
  }

  record Reason(@Nullable String reason) {
    String checked() {
      Findings findings = new Findings();
      String text = findings.text(reason, "reason", 3, 500);
      findings.orRefuse();
      return text;
    }
  }

  @PostMapping("/approve")
  ResponseEntity<Object> approve(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String applianceId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    return idempotency.run(
        caller,
        key,
        "POST approve " + customerId + " " + applianceId,
        "",
        HttpStatus.OK,
        dsl -> {
          ApplianceIdentity identity = ApplianceActs.require(dsl, customerId, applianceId);
          ApplianceActs.refuseEnded(Rows.locked(dsl, identity).orElseThrow());
          return change(dsl, caller, identity, "active", "appliance.approve", Optional.empty());
        });
  }

  @PostMapping("/ban")
  ResponseEntity<Object> ban(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String applianceId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody Reason request) {
    String reason = request.checked();
    return idempotency.run(
        caller,
        key,
        "POST ban " + customerId + " " + applianceId,
        request,
        HttpStatus.OK,
        dsl ->
            change(
                dsl,
                caller,
                ApplianceActs.require(dsl, customerId, applianceId),
                "banned",
                "appliance.ban",
                Optional.of(reason)));
  }

  @PostMapping("/retire")
  ResponseEntity<Object> retire(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String applianceId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody Reason request) {
    String reason = request.checked();
    return idempotency.run(
        caller,
        key,
        "POST retire " + customerId + " " + applianceId,
        request,
        HttpStatus.OK,
        dsl -> {
          ApplianceIdentity identity = ApplianceActs.require(dsl, customerId, applianceId);
          ApplianceActs.refuseEnded(Rows.locked(dsl, identity).orElseThrow());
          return change(dsl, caller, identity, "retired", "appliance.retire", Optional.of(reason));
        });
  }

  private ApplianceView change(
      DSLContext dsl,
      Caller caller,
      ApplianceIdentity identity,
      String state,
      String action,
      Optional<String> reason) {
    dsl.update(APPLIANCE)
        .set(APPLIANCE.STATE, state)
        .set(APPLIANCE.STATE_REASON, reason.orElse(null))
        .where(Rows.isThis(identity))
        .execute();
    acts.tell(
        dsl,
        caller,
        identity,
        action,
        reason.<Map<String, Object>>map(text -> Map.of("reason", text)).orElse(Map.of()));
    return acts.view(dsl, identity);
  }
}
