package io.sendense.cloud.fleet.internal;

import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.fleet.LeasePort;
import io.sendense.cloud.fleet.UsagePort;
import io.sendense.cloud.protection.ProtectionState;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the appliance link together and opens it with the application. */
@Configuration(proxyBeanMethods = false)
class FleetConfig {
  @Bean
  FleetStore fleetStore(
      ScopedTx tx,
      AuditLog audit,
      ChangeFeed feed,
      ProtectionState protection,
      FleetSettings settings) {
    return new DatabaseFleetStore(tx, audit, feed, protection, settings.intervals());
  }

  @Bean
  CertificateAuthority linkAuthority(
      @Value("${sendense.state.dir}") String folder, InstantSource clock) {
    return CaFolder.open(Path.of(folder), new SecureRandom(), clock);
  }

  /** Any change may be one of what an appliance should do; a needless wake costs one query. */
  @Bean
  Changes linkChanges(ChangeFeed feed) {
    Changes changes = new Changes();
    var unused = feed.listen(change -> changes.allChanged());
    return changes;
  }

  @Bean(destroyMethod = "close")
  LinkServer linkServer(
      FleetSettings settings,
      FleetStore store,
      CertificateAuthority authority,
      Changes changes,
      ObjectProvider<LeasePort> leases,
      ObjectProvider<UsagePort> usage,
      InstantSource clock) {
    LinkSettings link = settings.link();
    EstRoutes est = new EstRoutes(authority, store, link, clock);
    StateRoutes state =
        new StateRoutes(
            est,
            store,
            (identity, request) -> required(leases, "lease").issue(identity, request),
            (identity, key, batch) -> required(usage, "usage").accept(identity, key, batch),
            changes,
            link,
            clock);
    ServerKeys keys = new ServerKeys(authority, link.names(), new SecureRandom(), clock);
    return new LinkServer(settings.address(), settings.port(), keys, new LinkRoutes(est, state));
  }

  private static <T> T required(ObjectProvider<T> provider, String what) {
    T found = provider.getIfAvailable();
    if (found == null) {
      throw new SendenseException(
          ErrorCode.LICENCE_INVALID,
          "this control plane has no " + what + " service",
          "Run a control plane that was built with it.");
    }
    return found;
  }
}
