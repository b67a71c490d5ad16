package io.sendense.cloud.tenancy;

import io.sendense.domain.SiteId;

/** A site that the running transaction's scope covers. */
public record SiteRef(CustomerRef customer, SiteId site, String name) {}
