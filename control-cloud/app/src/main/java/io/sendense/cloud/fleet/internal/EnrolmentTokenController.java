package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.ENROLMENT_TOKEN;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.fleet.tables.records.EnrolmentTokenRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.tenancy.SiteRef;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.HidesSecrets;
import io.sendense.cloud.web.Idempotency;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/customers/{customerId}/sites/{siteId}/enrolment-tokens")
class EnrolmentTokenController {
  private static final long A_DAY = 86_400;
  private static final long A_MONTH = 30 * A_DAY;

  private final ScopedTx tx;
  private final Idempotency idempotency;
  private final AuditLog audit;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  EnrolmentTokenController(
      ScopedTx tx, Idempotency idempotency, AuditLog audit, InstantSource clock) {
    this.tx = tx;
    this.idempotency = idempotency;
    this.audit = audit;
    this.clock = clock;
  }

  record NewToken(@Nullable Long validSeconds, @Nullable String approval) {}

  record TokenView(
      UUID id,
      UUID siteId,
      String state,
      String approval,
      Instant createdAt,
      Instant expiresAt,
      Optional<Instant> usedAt,
      Optional<UUID> applianceId) {}

  record Created(TokenView token, Optional<String> secret) implements HidesSecrets {
    @Override
    public Object withoutSecrets() {
      return new Created(token, Optional.empty());
    }

    @Override
    public String toString() {
      return "Created[" + token.id() + "]";
    }
  }

  @GetMapping
  Page<TokenView> list(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String siteId,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor) {
    PageRequest page = PageRequest.of(limit, cursor);
    return tx.run(
        caller.scope(),
        dsl -> {
          SiteRef site = Customers.requireSite(dsl, customerId, siteId);
          Condition ofSite =
              ENROLMENT_TOKEN
                  .MSP_ID
                  .eq(site.customer().msp().value())
                  .and(ENROLMENT_TOKEN.CUSTOMER_ID.eq(site.customer().customer().value()))
                  .and(ENROLMENT_TOKEN.SITE_ID.eq(site.site().value()));
          return Page.newestFirst(
              dsl, ENROLMENT_TOKEN, ENROLMENT_TOKEN.TOKEN_ID, ofSite, page, this::view);
        });
  }

  @PostMapping
  ResponseEntity<Object> create(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String siteId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody NewToken request) {
    Findings findings = new Findings();
    Long given = request.validSeconds();
    long seconds = given == null ? A_DAY : findings.number(given, "validSeconds", 1, A_MONTH);
    String approval = request.approval() == null ? "automatic" : request.approval();
    findings.require(
        approval.equals("automatic") || approval.equals("manual"),
        "approval",
        "must be automatic or manual");
    findings.orRefuse();
    return idempotency.run(
        caller,
        key,
        "POST enrolment-tokens of " + customerId + " " + siteId,
        request,
        HttpStatus.CREATED,
        dsl ->
            create(dsl, caller, Customers.requireSite(dsl, customerId, siteId), seconds, approval));
  }

  private Created create(
      DSLContext dsl, Caller caller, SiteRef site, long seconds, String approval) {
    CustomerRef customer = site.customer();
    OffsetDateTime now = Rows.time(clock.instant());
    UUID id = dsl.select(DSL.field("uuidv7()", UUID.class)).fetchSingle().value1();
    EnrolmentToken token = EnrolmentToken.create(customer.msp(), customer.customer(), id, random);
    EnrolmentTokenRecord row =
        dsl.insertInto(ENROLMENT_TOKEN)
            .set(ENROLMENT_TOKEN.MSP_ID, customer.msp().value())
            .set(ENROLMENT_TOKEN.CUSTOMER_ID, customer.customer().value())
            .set(ENROLMENT_TOKEN.TOKEN_ID, id)
            .set(ENROLMENT_TOKEN.SITE_ID, site.site().value())
            .set(ENROLMENT_TOKEN.SECRET_HASH, token.hash())
            .set(ENROLMENT_TOKEN.APPROVAL, approval)
            .set(ENROLMENT_TOKEN.CREATED_AT, now)
            .set(ENROLMENT_TOKEN.EXPIRES_AT, now.plusSeconds(seconds))
            .returning()
            .fetchSingle();
    audit.record(
        dsl,
        AuditEvent.of(
            customer.msp(),
            customer.customer(),
            caller.username(),
            "enrolment-token.create",
            id,
            Map.of("site", site.site().toString(), "approval", approval)));
    return new Created(view(row), Optional.of(token.text()));
  }

  private TokenView view(EnrolmentTokenRecord row) {
    boolean used = row.getUsedAt() != null;
    boolean over = !clock.instant().isBefore(row.getExpiresAt().toInstant());
    return new TokenView(
        row.getTokenId(),
        row.getSiteId(),
        used ? "used" : over ? "expired" : "open",
        row.getApproval(),
        row.getCreatedAt().toInstant(),
        row.getExpiresAt().toInstant(),
        Optional.ofNullable(row.getUsedAt()).map(OffsetDateTime::toInstant),
        Optional.ofNullable(row.getApplianceId()));
  }
}
