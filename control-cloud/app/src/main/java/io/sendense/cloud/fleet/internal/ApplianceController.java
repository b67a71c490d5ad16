package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.APPLIANCE;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.fleet.tables.records.ApplianceRecord;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.tenancy.SiteRef;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.Idempotency;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.domain.SiteId;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jooq.DSLContext;
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
  private final AuditLog audit;
  private final ChangeFeed feed;
  private final InstantSource clock;
  private final FleetSettings settings;

  ApplianceController(
      ScopedTx tx,
      Idempotency idempotency,
      EnrolmentTokens tokens,
      AuditLog audit,
      ChangeFeed feed,
      InstantSource clock,
      FleetSettings settings) {
    this.tx = tx;
    this.idempotency = idempotency;
    this.tokens = tokens;
    this.audit = audit;
    this.feed = feed;
    this.clock = clock;
    this.settings = settings;
  }

  record Reason(@Nullable String reason) {}

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
                row -> view(dsl, row)));
  }

  @GetMapping("/customers/{customerId}/appliances/{applianceId}")
  ApplianceView get(
      Caller caller, @PathVariable String customerId, @PathVariable String applianceId) {
    return tx.run(
        caller.scope(),
        dsl -> {
          ApplianceIdentity identity = require(dsl, customerId, applianceId);
          return view(dsl, Rows.find(dsl, identity).orElseThrow());
        });
  }

  @PostMapping("/customers/{customerId}/appliances/{applianceId}/approve")
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
          ApplianceIdentity identity = require(dsl, customerId, applianceId);
          ApplianceRecord row = Rows.locked(dsl, identity).orElseThrow();
          refuseEnded(row);
          return change(dsl, caller, identity, "active", "appliance.approve", Optional.empty());
        });
  }

  @PostMapping("/customers/{customerId}/appliances/{applianceId}/ban")
  ResponseEntity<Object> ban(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String applianceId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody Reason request) {
    Findings findings = new Findings();
    String reason = findings.text(request.reason(), "reason", 3, 500);
    findings.orRefuse();
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
                require(dsl, customerId, applianceId),
                "banned",
                "appliance.ban",
                Optional.of(reason)));
  }

  @PostMapping("/customers/{customerId}/appliances/{applianceId}/retire")
  ResponseEntity<Object> retire(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String applianceId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody Reason request) {
    Findings findings = new Findings();
    String reason = findings.text(request.reason(), "reason", 3, 500);
    findings.orRefuse();
    return idempotency.run(
        caller,
        key,
        "POST retire " + customerId + " " + applianceId,
        request,
        HttpStatus.OK,
        dsl -> {
          ApplianceIdentity identity = require(dsl, customerId, applianceId);
          refuseEnded(Rows.locked(dsl, identity).orElseThrow());
          return change(dsl, caller, identity, "retired", "appliance.retire", Optional.of(reason));
        });
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
          ApplianceIdentity identity = require(dsl, customerId, applianceId);
          SiteRef site =
              Customers.requireSite(dsl, customerId, Objects.requireNonNull(request.siteId()));
          dsl.update(APPLIANCE)
              .set(APPLIANCE.NAME, name)
              .set(APPLIANCE.SITE_ID, site.site().value())
              .where(Rows.isThis(identity))
              .execute();
          tell(
              dsl,
              caller,
              identity,
              "appliance.update",
              Map.of("name", name, "site", site.site().toString()));
          return view(dsl, Rows.find(dsl, identity).orElseThrow());
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
          ApplianceIdentity identity = require(dsl, customerId, applianceId);
          ApplianceRecord row = Rows.locked(dsl, identity).orElseThrow();
          refuseEnded(row);
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

  private static void refuseEnded(ApplianceRecord row) {
    if (row.getState().equals("banned") || row.getState().equals("retired")) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "appliance " + row.getApplianceId() + " is " + row.getState() + " and stays so",
          "Enrol it again with a new token.");
    }
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
    tell(
        dsl,
        caller,
        identity,
        action,
        reason.<Map<String, Object>>map(text -> Map.of("reason", text)).orElse(Map.of()));
    return view(dsl, Rows.find(dsl, identity).orElseThrow());
  }

  private void tell(
      DSLContext dsl,
      Caller caller,
      ApplianceIdentity identity,
      String action,
      Map<String, Object> detail) {
    audit.record(
        dsl,
        AuditEvent.of(
            identity.msp(),
            identity.customer(),
            caller.username(),
            action,
            identity.appliance(),
            detail));
    feed.announce(
        dsl,
        Change.of(
            "appliance",
            identity.msp(),
            identity.customer(),
            identity.appliance(),
            clock.instant()));
  }

  private ApplianceView view(DSLContext dsl, ApplianceRecord row) {
    return ApplianceView.of(dsl, row, clock.instant(), settings);
  }

  private static ApplianceIdentity require(DSLContext dsl, String customerId, String applianceId) {
    CustomerRef customer = Customers.require(dsl, customerId);
    ApplianceIdentity identity =
        new ApplianceIdentity(customer.msp(), customer.customer(), ApplianceId.parse(applianceId));
    if (Rows.find(dsl, identity).isEmpty()) {
      throw Customers.notFound("appliance", identity.appliance());
    }
    return identity;
  }
}
