package io.sendense.cloud.fleet;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;

/** Whose an appliance is, as its certificate says. */
public record ApplianceIdentity(MspId msp, CustomerId customer, ApplianceId appliance) {}
