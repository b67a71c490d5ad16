package io.sendense.cloud.licensing;

import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.cloud.protection.LicensedEdition;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.domain.Edition;
import org.jooq.DSLContext;
import org.springframework.stereotype.Component;

/** Tells the makers of policies what was bought. */
@Component
class EditionOfLicence implements LicensedEdition {
  @Override
  public Edition of(DSLContext dsl, CustomerRef customer) {
    return LicenceStore.inForce(dsl, customer)
        .map(LicenceRecord::getEdition)
        .flatMap(Editions::parse)
        .orElse(Edition.COMMUNITY);
  }
}
