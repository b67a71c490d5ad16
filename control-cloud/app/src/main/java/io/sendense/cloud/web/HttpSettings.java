package io.sendense.cloud.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties under {@code sendense.http}.
 *
 * @param requestTimeout from a request's head to the last byte of its body
 * @param idleTimeout of a connection between two requests
 */
@ConfigurationProperties("sendense.http")
record HttpSettings(
    @DefaultValue("30s") Duration requestTimeout, @DefaultValue("75s") Duration idleTimeout) {}
