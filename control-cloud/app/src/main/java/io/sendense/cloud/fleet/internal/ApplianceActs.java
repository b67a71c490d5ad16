package io.sendense.cloud.fleet.internal;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.fleet.tables.records.ApplianceRecord;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.InstantSource;
import java.util.Map;
import org.jooq.DSLContext;
import org.springframework.stereotype.Component;

/** What everything that people do to an appliance has in common. */
@Component
class ApplianceActs {
  private final AuditLog audit;
  private final ChangeFeed feed;
  private final InstantSource clock;
  private final FleetSettings settings;

  ApplianceActs(AuditLog audit, ChangeFeed feed, InstantSource clock, FleetSettings settings) {
    this.audit = audit;
    this.feed = feed;
    this.clock = clock;
    this.settings = settings;
  }

  /**
   * The appliance of a path.
   *
   * @throws SendenseException BAD_ARGUMENT or NOT_FOUND
   */
  static ApplianceIdentity require(DSLContext dsl, String customerId, String applianceId) {
    CustomerRef customer = Customers.require(dsl, customerId);
    ApplianceIdentity identity =
        new ApplianceIdentity(customer.msp(), customer.customer(), ApplianceId.parse(applianceId));
    if (Rows.find(dsl, identity).isEmpty()) {
      throw Customers.notFound("appliance", identity.appliance());
    }
    return identity;
  }

  static void refuseEnded(ApplianceRecord row) {
    if (row.getState().equals("banned") || row.getState().equals("retired")) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "appliance " + row.getApplianceId() + " is " + row.getState() + " and stays so",
          "Enrol it again with a new token.");
    }
  }

  /** Records what was done and announces it. */
  void tell(
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

  ApplianceView view(DSLContext dsl, ApplianceIdentity identity) {
    return view(dsl, Rows.find(dsl, identity).orElseThrow());
  }

  ApplianceView view(DSLContext dsl, ApplianceRecord row) {
    return ApplianceView.of(dsl, row, clock.instant(), settings);
  }
}
