package io.sendense.cloud.licensing;

import io.sendense.licensing.issuer.GrantIssuer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The set of licence keys as it is told to appliances that hold another one. */
@Component
class TrustUpdates {
  /** By the keys that are published and the one that signs: a signature takes milliseconds. */
  private final Map<Made, String> made = new ConcurrentHashMap<>();

  private final GrantIssuer issuer;

  TrustUpdates(GrantIssuer issuer) {
    this.issuer = issuer;
  }

  private record Made(Set<String> keys, String by) {}

  /**
   * @param trusted what the appliance believes; empty for one that does not say and could not read
   *     it
   * @return empty where there is nothing to be told
   */
  Optional<String> update(Collection<String> trusted, Instant now) {
    Set<String> published = issuer.publishedKeys();
    if (trusted.isEmpty() || published.equals(Set.copyOf(trusted))) {
      return Optional.empty();
    }
    Made wanted = new Made(published, issuer.keyFor(trusted));
    made.keySet().removeIf(old -> !old.keys().equals(published));
    return Optional.of(
        made.computeIfAbsent(
            wanted, key -> issuer.signTrust(now.truncatedTo(ChronoUnit.SECONDS), key.by()).jws()));
  }
}
