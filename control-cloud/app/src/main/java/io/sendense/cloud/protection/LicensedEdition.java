package io.sendense.cloud.protection;

import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.domain.Edition;
import org.jooq.DSLContext;

/** What a customer bought. The package that issues licences knows. */
public interface LicensedEdition {
  /**
   * The edition of the customer's licence in force, over or revoked as it may be: a licence's state
   * decides about new points, its edition about policies. Without a licence it is community.
   *
   * @param dsl in a scope that covers the customer
   */
  Edition of(DSLContext dsl, CustomerRef customer);
}
