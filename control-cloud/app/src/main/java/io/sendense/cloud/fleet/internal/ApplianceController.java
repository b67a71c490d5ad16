package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.APPLIANCE;

import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.fleet.tables.records.ApplianceRecord;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.tenancy.SiteRef;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.Idempotency;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import io.sendense.domain.SiteId;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
class ApplianceController {
  private final ScopedTx tx;
  private final Idempotency idempotency;
  private final EnrolmentTokens tokens;
  private final ApplianceActs acts;

  ApplianceController(
      ScopedTx tx, Idempotency idempotency, EnrolmentTokens tokens, ApplianceActs acts) {
    this.tx = tx;
    this.idempotency = idempotency;
    this.tokens = tokens;
    this.acts = acts;
  }

  record Edited(@Nullable String name, @Nullable String siteId) {}

  @GetMapping("/appliances")
  Page<ApplianceView> list(
      Caller caller,
      @RequestParam @Nullable String customerId,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor) {
    PageRequest page = PageRequest.of(limit, cursor);
    return tx.run(
        caller.scope(),
        dsl ->
            Page.newestFirst(
                dsl,
                APPLIANCE,
                APPLIANCE.APPLIANCE_ID,
                Customers.narrowed(dsl, customerId, APPLIANCE.CUSTOMER_ID),
                page,
                row -> acts.view(dsl, row)));
  }

  @GetMapping("/customers/{customerId}/appliances/{applianceId}")
  ApplianceView get(
      Caller caller, @PathVariable String customerId, @PathVariable String applianceId) {
    return tx.run(
        caller.scope(), dsl -> acts.view(dsl, ApplianceActs.require(dsl, customerId, applianceId)));
  }

  /**
   * Renames it, or moves it to another site of its customer. Its machines follow with its next
   * report.
   */
  @PutMapping("/customers/{customerId}/appliances/{applianceId}")
  ApplianceView update(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String applianceId,
      @RequestBody Edited request) {
    Findings findings = new Findings();
    String name = findings.text(request.name(), "name", 1, 120);
    findings.id(request.siteId(), "siteId");
    findings.orRefuse();
    return tx.run(
        caller.scope(),
        dsl -> {
          ApplianceIdentity identity = ApplianceActs.require(dsl, customerId, applianceId);
          SiteRef site =
              Customers.requireSite(dsl, customerId, Objects.requireNonNull(request.siteId()));
          dsl.update(APPLIANCE)
              .set(APPLIANCE.NAME, name)
              .set(APPLIANCE.SITE_ID, site.site().value())
              .where(Rows.isThis(identity))
              .execute();
          acts.tell(
              dsl,
              caller,
              identity,
              "appliance.update",
              Map.of("name", name, "site", site.site().toString()));
          return acts.view(dsl, identity);
        });
  }

  /** A token with which a new machine takes over the identity and everything that hangs on it. */
  @PostMapping("/customers/{customerId}/appliances/{applianceId}/replacement-tokens")
  ResponseEntity<Object> replacement(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String applianceId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody NewToken request) {
    NewToken.Checked wanted = request.check();
    return idempotency.run(
        caller,
        key,
        "POST replacement-tokens of " + customerId + " " + applianceId,
        request,
        HttpStatus.CREATED,
        dsl -> {
          ApplianceIdentity identity = ApplianceActs.require(dsl, customerId, applianceId);
          ApplianceRecord row = Rows.locked(dsl, identity).orElseThrow();
          ApplianceActs.refuseEnded(row);
          return tokens.create(
              dsl,
              caller.username(),
              Customers.require(dsl, customerId),
              new SiteId(row.getSiteId()),
              Optional.of(identity.appliance()),
              wanted.seconds(),
              wanted.approval());
        });
  }
}
