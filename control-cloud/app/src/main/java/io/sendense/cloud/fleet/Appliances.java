package io.sendense.cloud.fleet;

import static io.sendense.cloud.db.fleet.Tables.APPLIANCE;

import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.domain.ApplianceId;
import org.jooq.DSLContext;

/** Finds appliances that other parts name. */
public final class Appliances {
  private Appliances() {}

  /**
   * Refuses an appliance that the customer does not have.
   *
   * @throws io.sendense.domain.SendenseException NOT_FOUND
   */
  public static void require(DSLContext dsl, CustomerRef customer, ApplianceId appliance) {
    if (!dsl.fetchExists(
        APPLIANCE,
        APPLIANCE
            .MSP_ID
            .eq(customer.msp().value())
            .and(APPLIANCE.CUSTOMER_ID.eq(customer.customer().value()))
            .and(APPLIANCE.APPLIANCE_ID.eq(appliance.value())))) {
      throw Customers.notFound("appliance", appliance);
    }
  }
}
