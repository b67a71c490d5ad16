package io.sendense.cloud.web;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells every replica of the control plane what changed, once the change has been committed, over
 * PostgreSQL's NOTIFY. It is a hint: while the connection is down hints are lost, so listeners read
 * again from time to time. Listeners are called on one thread and must not block it.
 */
public final class ChangeFeed implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
  private static final String CHANNEL = "sendense_change";
  private static final int POLL_MILLIS = 500;
  private static final Duration RECONNECT = Duration.ofSeconds(1);

  private final String url;
  private final String user;
  private final String password;
  private final JsonMapper json;
  private final Set<Consumer<Change>> listeners = ConcurrentHashMap.newKeySet();
  private volatile boolean running;
  private @Nullable Thread thread;

  public ChangeFeed(String url, String user, String password, JsonMapper json) {
    this.url = url;
    this.user = user;
    this.password = password;
    this.json = json;
  }

  /** Announces a change when, and only when, the transaction of {@code dsl} commits. */
  public void announce(DSLContext dsl, Change change) {
    dsl.execute("select pg_notify(?, ?)", CHANNEL, json.writeValueAsString(change));
  }

  /** Calls {@code listener} for every change from now on, until the registration is closed. */
  public Registration listen(Consumer<Change> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Ends a listener. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  public synchronized void start() {
    running = true;
    thread = Thread.ofPlatform().name("change-feed").daemon().start(this::follow);
  }

  @Override
  public synchronized void stop() {
    running = false;
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void follow() {
    while (running) {
      try (Connection connection = DriverManager.getConnection(url, user, password);
          Statement statement = connection.createStatement()) {
        boolean unused = statement.execute("listen " + CHANNEL);
        receive(connection.unwrap(PGConnection.class));
      } catch (SQLException e) {
        if (running) {
          LOG.warn("live changes are interrupted: {}", e.getMessage());
          LockSupport.parkNanos(RECONNECT.toNanos());
        }
      }
    }
  }

  private void receive(PGConnection connection) throws SQLException {
    while (running) {
      PGNotification[] arrived = connection.getNotifications(POLL_MILLIS);
      if (arrived == null) {
        continue;
      }
      for (PGNotification one : arrived) {
        Change change = json.readValue(one.getParameter(), Change.class);
        for (Consumer<Change> listener : listeners) {
          tell(listener, change);
        }
      }
    }
  }

  private static void tell(Consumer<Change> listener, Change change) {
    try {
      listener.accept(change);
    } catch (RuntimeException e) {
      LOG.error("a listener failed at {}", change, e);
    }
  }
}
