package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.ENROLMENT_TOKEN;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.fleet.tables.records.EnrolmentTokenRecord;
import io.sendense.cloud.fleet.ApplianceTokens;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.SiteRef;
import io.sendense.cloud.web.HidesSecrets;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.SiteId;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.springframework.stereotype.Component;

/** Makes enrolment tokens; the secret of each is given once and kept as a hash. */
@Component
class EnrolmentTokens implements ApplianceTokens {
  private final AuditLog audit;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  EnrolmentTokens(AuditLog audit, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
  }

  /** So that the hardware may take its time to arrive. */
  private static final long A_MONTH = 30 * 86_400L;

  @Override
  public Token create(DSLContext dsl, String actor, SiteRef site) {
    Created made =
        create(dsl, actor, site.customer(), site.site(), Optional.empty(), A_MONTH, "automatic");
    return new Token(made.token().id(), made.token().expiresAt(), made.secret().orElseThrow());
  }

  record TokenView(
      UUID id,
      UUID siteId,
      String state,
      String approval,
      Instant createdAt,
      Instant expiresAt,
      Optional<Instant> usedAt,
      Optional<UUID> applianceId,
      Optional<UUID> replacesApplianceId) {}

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

  /**
   * @param replaces the appliance whose identity the one that enrols takes over
   * @param seconds how long it can be used
   */
  Created create(
      DSLContext dsl,
      String actor,
      CustomerRef customer,
      SiteId site,
      Optional<ApplianceId> replaces,
      long seconds,
      String approval) {
    OffsetDateTime now = Rows.time(clock.instant());
    UUID id = dsl.select(DSL.field("uuidv7()", UUID.class)).fetchSingle().value1();
    EnrolmentToken token = EnrolmentToken.create(customer.msp(), customer.customer(), id, random);
    EnrolmentTokenRecord row =
        dsl.insertInto(ENROLMENT_TOKEN)
            .set(ENROLMENT_TOKEN.MSP_ID, customer.msp().value())
            .set(ENROLMENT_TOKEN.CUSTOMER_ID, customer.customer().value())
            .set(ENROLMENT_TOKEN.TOKEN_ID, id)
            .set(ENROLMENT_TOKEN.SITE_ID, site.value())
            .set(ENROLMENT_TOKEN.SECRET_HASH, token.hash())
            .set(ENROLMENT_TOKEN.APPROVAL, approval)
            .set(ENROLMENT_TOKEN.CREATED_AT, now)
            .set(ENROLMENT_TOKEN.EXPIRES_AT, now.plusSeconds(seconds))
            .set(
                ENROLMENT_TOKEN.REPLACES_APPLIANCE_ID,
                replaces.map(ApplianceId::value).orElse(null))
            .returning()
            .fetchSingle();
    Map<String, Object> detail =
        new HashMap<>(Map.of("site", site.toString(), "approval", approval));
    replaces.ifPresent(appliance -> detail.put("replaces", appliance.toString()));
    audit.record(
        dsl,
        AuditEvent.of(
            customer.msp(), customer.customer(), actor, "enrolment-token.create", id, detail));
    return new Created(view(row), Optional.of(token.text()));
  }

  TokenView view(EnrolmentTokenRecord row) {
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
        Optional.ofNullable(row.getApplianceId()),
        Optional.ofNullable(row.getReplacesApplianceId()));
  }
}
