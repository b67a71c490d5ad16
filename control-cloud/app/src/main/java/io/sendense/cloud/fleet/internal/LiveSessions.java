package io.sendense.cloud.fleet.internal;

import io.sendense.cloud.fleet.ApplianceIdentity;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which connections each session has here, so that a session ends with its last one and an
 * appliance that was restarted need not wait until its old session runs out.
 */
final class LiveSessions {
  private static final Logger LOG = LoggerFactory.getLogger(LiveSessions.class);

  private record Key(ApplianceIdentity identity, UUID session) {}

  private final Map<Key, Map<LinkCall.Connection, Boolean>> open = new ConcurrentHashMap<>();
  private final FleetStore store;
  private final InstantSource clock;

  LiveSessions(FleetStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  void on(ApplianceIdentity identity, UUID session, LinkCall.Connection connection) {
    Key key = new Key(identity, session);
    boolean[] fresh = new boolean[1];
    open.compute(
        key,
        (k, connections) -> {
          Map<LinkCall.Connection, Boolean> all =
              connections == null ? new ConcurrentHashMap<>() : connections;
          fresh[0] = all.put(connection, true) == null;
          return all;
        });
    if (fresh[0]) {
      connection.onClose(() -> closed(key, connection));
    }
  }

  private void closed(Key key, LinkCall.Connection connection) {
    boolean[] last = new boolean[1];
    open.computeIfPresent(
        key,
        (k, connections) -> {
          connections.remove(connection);
          last[0] = connections.isEmpty();
          return last[0] ? null : connections;
        });
    if (last[0]) {
      Thread.ofVirtual()
          .name("link-session-end")
          .start(
              () -> {
                try {
                  store.left(key.identity(), key.session(), clock.instant());
                } catch (RuntimeException e) {
                  LOG.warn("the end of a session was not noted; it runs out by itself", e);
                }
              });
    }
  }
}
