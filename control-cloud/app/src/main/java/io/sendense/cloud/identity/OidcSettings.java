package io.sendense.cloud.identity;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose tokens are believed.
 *
 * @param issuer the realm, exactly as it stands in tokens
 * @param audience that a token must be issued for
 * @param portalClient public client with which the portal signs people in
 * @param clockSkewSeconds by which the realm's clock and ours may differ
 */
@ConfigurationProperties("sendense.oidc")
public record OidcSettings(
    URI issuer,
    @DefaultValue("sendense-api") String audience,
    @DefaultValue("sendense-portal") String portalClient,
    @DefaultValue("10") int clockSkewSeconds) {}
