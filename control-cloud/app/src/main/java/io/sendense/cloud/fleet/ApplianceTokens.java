package io.sendense.cloud.fleet;

import io.sendense.cloud.tenancy.SiteRef;
import java.time.Instant;
import java.util.UUID;
import org.jooq.DSLContext;

/** Makes one-time tokens with which appliances enrol. */
public interface ApplianceTokens {
  /**
   * @param secret shown this once
   */
  record Token(UUID id, Instant expiresAt, String secret) {
    @Override
    public String toString() {
      return "Token[" + id + "]";
    }
  }

  /** A token for one appliance at this site, let in at once; good for a month. */
  Token create(DSLContext dsl, String actor, SiteRef site);
}
