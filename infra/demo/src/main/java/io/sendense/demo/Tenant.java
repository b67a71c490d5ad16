package io.sendense.demo;

import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import io.sendense.domain.SiteId;

/**
 * One MSP of the story with its customer and site, and how its people reach the API.
 *
 * @param mspAdmin the MSP's service account at the API
 * @param customerAdmin the customer's service account at the API
 * @param portalUser the customer's administrator for the portal
 */
record Tenant(
    MspId msp,
    CustomerId customer,
    SiteId site,
    Api mspAdmin,
    Api customerAdmin,
    PortalUser mspUser,
    PortalUser portalUser) {

  /** A person who signs in at the portal. */
  record PortalUser(String username, String password) {}

  String customerPath() {
    return "/api/v1/customers/" + customer;
  }
}
