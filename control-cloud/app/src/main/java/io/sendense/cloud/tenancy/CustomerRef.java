package io.sendense.cloud.tenancy;

import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import java.time.ZoneId;

/** A customer that the running transaction's scope covers. */
public record CustomerRef(MspId msp, CustomerId customer, String name, ZoneId zone) {}
