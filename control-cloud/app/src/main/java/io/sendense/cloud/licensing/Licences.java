package io.sendense.cloud.licensing;

import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.domain.Edition;
import java.util.Optional;
import org.jooq.DSLContext;

/** What other packages may ask about licences. */
public final class Licences {
  private Licences() {}

  /**
   * The edition of the customer's licence in force, over or revoked as it may be; empty when the
   * customer never had one, which leaves the community edition.
   *
   * @param dsl in a scope that covers the customer
   */
  public static Optional<Edition> edition(DSLContext dsl, CustomerRef customer) {
    return LicenceStore.inForce(dsl, customer)
        .map(LicenceRecord::getEdition)
        .flatMap(Editions::parse);
  }
}
