package io.sendense.cloud.web;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the portal is.
 *
 * @param dir folder of the built portal; without one only the API is served
 */
@ConfigurationProperties("sendense.portal")
public record PortalSettings(@Nullable String dir) {
  Optional<Path> folder() {
    return Optional.ofNullable(dir).filter(text -> !text.isBlank()).map(Path::of);
  }
}
