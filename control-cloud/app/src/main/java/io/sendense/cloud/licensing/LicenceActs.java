package io.sendense.cloud.licensing;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.issuer.GrantIssuer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.springframework.stereotype.Component;

/** Signs licences and puts them in force, with the audit entry and the live change of each. */
@Component
class LicenceActs {
  private final GrantIssuer issuer;
  private final AuditLog audit;
  private final ChangeFeed changes;

  LicenceActs(GrantIssuer issuer, AuditLog audit, ChangeFeed changes) {
    this.issuer = issuer;
    this.audit = audit;
    this.changes = changes;
  }

  /** Puts {@code next} in the place of the licence in force. */
  LicenceRecord put(DSLContext dsl, String actor, Licence next, Circumstances around) {
    LicenceRecord row = LicenceStore.replace(dsl, next, issuer.sign(next), around);
    tell(
        dsl,
        actor,
        row,
        around.cause(),
        Map.of(
            "edition",
            row.getEdition(),
            "maxVms",
            row.getMaxVms(),
            "validTo",
            next.validTo().toString()),
        next.issuedAt());
    return row;
  }

  /**
   * The licence as somebody can read it who believes these keys. Signed anew by the key that signs
   * now where he believes that one, so that the key before can be withdrawn one day.
   */
  LicenceRecord signedFor(DSLContext dsl, LicenceRecord row, List<String> trusted) {
    String key = issuer.keyFor(trusted);
    if (trusted.isEmpty() || row.getKeyId().equals(key)) {
      return row;
    }
    GrantIssuer.SignedText signed = issuer.sign(LicenceStore.licence(row), key);
    row.setJws(signed.jws());
    row.setKeyId(signed.keyId());
    row.update();
    return row;
  }

  /** A change of what was bought does not lift what was put on it. */
  LicenceRecord keepSuspension(LicenceRecord before, LicenceRecord after) {
    if (before.getSuspendedAt() != null) {
      after.setSuspendedAt(before.getSuspendedAt());
      after.setSuspendReason(before.getSuspendReason());
      after.update();
    }
    return after;
  }

  /** Records what was done to a licence and announces it. */
  void tell(
      DSLContext dsl,
      String actor,
      LicenceRecord row,
      String verb,
      Map<String, Object> detail,
      Instant now) {
    MspId msp = new MspId(row.getMspId());
    CustomerId customer = new CustomerId(row.getCustomerId());
    audit.record(
        dsl, AuditEvent.of(msp, customer, actor, "licence." + verb, row.getLicenceId(), detail));
    changes.announce(dsl, Change.of("licence", msp, customer, row.getLicenceId().toString(), now));
  }
}
