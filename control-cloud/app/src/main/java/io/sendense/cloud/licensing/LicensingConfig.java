package io.sendense.cloud.licensing;

import io.sendense.licensing.issuer.FileKeyCustody;
import io.sendense.licensing.issuer.GrantIssuer;
import io.sendense.licensing.issuer.KeyCustody;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The signing keys are in {@code licence-keys} below {@code sendense.state.dir}; {@code trust.json}
 * beside them is what appliances pin.
 */
@Configuration(proxyBeanMethods = false)
class LicensingConfig {
  @Bean
  KeyCustody licenceKeys(
      @Value("${sendense.state.dir:.sendense/cloud}") String state, LicensingSettings settings) {
    return FileKeyCustody.open(
        Path.of(state).resolve("licence-keys"),
        settings.keyPassphrase().toCharArray(),
        new SecureRandom());
  }

  @Bean
  GrantIssuer grantIssuer(KeyCustody keys) {
    return new GrantIssuer(keys);
  }
}
