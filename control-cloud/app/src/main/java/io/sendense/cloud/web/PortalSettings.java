package io.sendense.cloud.web;

import java.nio.file.Path;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the portal is.
 *
 * @param dir folder of the built portal; without one only the API is served
 */
@ConfigurationProperties("sendense.portal")
public record PortalSettings(Optional<Path> dir) {}
