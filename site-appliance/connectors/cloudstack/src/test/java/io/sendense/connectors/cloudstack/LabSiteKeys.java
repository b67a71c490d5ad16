package io.sendense.connectors.cloudstack;

import io.sendense.lab.cloudstack.LabCloudStack;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;

/** Clients of one user whose clocks are wrong. */
final class LabSiteKeys {
  private final LabSite site;
  private final LabCloudStack.Keys keys;

  LabSiteKeys(LabSite site) {
    this.site = site;
    this.keys = site.lab.adminKeys();
  }

  CloudStackClient client(long secondsFast) {
    InstantSource clock = () -> InstantSource.system().instant().plusSeconds(secondsFast);
    return new CloudStackClient(
        new CloudStackOptions(
            URI.create(site.lab.url()), Optional.empty(), LabSite.DEADLINE, LabSite.DEADLINE, 100),
        new ApiKeys(keys.apiKey(), keys.secretKey()),
        clock);
  }
}
