package io.sendense.cloud.onboarding;

import io.sendense.cloud.fleet.ApplianceTokens;
import io.sendense.cloud.identity.Accounts;
import io.sendense.cloud.licensing.LicenceView;
import java.util.Optional;
import java.util.UUID;

/**
 * A customer as it is now.
 *
 * @param site the one that was asked for
 * @param credentials of its first administrator, shown when it is made
 * @param applianceToken with which its first appliance enrols, shown when it is made
 */
record Onboarded(
    String externalId,
    UUID customerId,
    String name,
    String timeZone,
    Optional<Site> site,
    Optional<LicenceView> licence,
    Optional<Accounts.Credentials> credentials,
    Optional<ApplianceTokens.Token> applianceToken) {
  record Site(UUID id, String name) {}
}
