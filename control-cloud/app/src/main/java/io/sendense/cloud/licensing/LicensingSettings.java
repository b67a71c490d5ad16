package io.sendense.cloud.licensing;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties under {@code sendense.licensing}.
 *
 * @param keyPassphrase secret; empty = the signing keys' mode alone protects them
 * @param lease length of a lease, at most 31 days
 */
@ConfigurationProperties("sendense.licensing")
record LicensingSettings(
    @DefaultValue("") String keyPassphrase, @DefaultValue("P7D") Duration lease) {

  /** Without the passphrase. */
  @Override
  public String toString() {
    return "LicensingSettings[lease=" + lease + "]";
  }
}
