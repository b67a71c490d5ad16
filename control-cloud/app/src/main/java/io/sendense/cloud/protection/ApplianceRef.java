package io.sendense.cloud.protection;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import io.sendense.domain.SiteId;

/** Whose appliance something concerns, and where it stands. */
public record ApplianceRef(MspId msp, CustomerId customer, SiteId site, ApplianceId appliance) {}
