package io.sendense.cloud.fleet.internal;

import io.sendense.protocol.Intervals;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The appliance link as the operator sets it.
 *
 * @param address to listen on
 * @param names DNS names and addresses by which appliances reach it
 * @param certificateLife of an appliance's certificate
 * @param renewableAfterExpiry for how long an expired certificate can be renewed with its key
 * @param pollHoldSeconds and the rest: how often appliances call
 */
@ConfigurationProperties("sendense.link")
record FleetSettings(
    @DefaultValue("127.0.0.1") String address,
    @DefaultValue("8443") int port,
    @DefaultValue({"localhost", "127.0.0.1"}) List<String> names,
    @DefaultValue("24h") Duration certificateLife,
    @DefaultValue("400d") Duration renewableAfterExpiry,
    @DefaultValue("25") int pollHoldSeconds,
    @DefaultValue("60") int reportSeconds,
    @DefaultValue("3600") int usageSeconds,
    @DefaultValue("300") int leaseSeconds,
    @DefaultValue("20") int jitterPercent) {
  LinkSettings link() {
    return new LinkSettings(
        names,
        certificateLife,
        renewableAfterExpiry,
        LinkSettings.DEFAULT.longestHold(),
        LinkSettings.DEFAULT.sessionSlack(),
        LinkSettings.DEFAULT.recheck());
  }

  Intervals intervals() {
    return new Intervals(pollHoldSeconds, reportSeconds, usageSeconds, leaseSeconds, jitterPercent);
  }
}
