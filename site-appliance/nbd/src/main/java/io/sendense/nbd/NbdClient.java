package io.sendense.nbd;

import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;

/** Opens exports of NBD servers. Thread-safe; it keeps nothing. */
public final class NbdClient {
  private NbdClient() {}

  /**
   * Connects, does the handshake and, where that is safe, opens the further connections.
   *
   * @throws SendenseException SOURCE_UNREADABLE where the server cannot be reached or TLS fails,
   *     SOURCE_PROTOCOL where it refuses the export or breaks the protocol, DEADLINE_EXCEEDED,
   *     BAD_ARGUMENT where the TLS files are unusable. Nothing stays open then
   */
  public static NbdExport open(NbdUri uri, NbdClientOptions options) {
    return open(uri, options, TlsLibrary.best());
  }

  static NbdExport open(NbdUri uri, NbdClientOptions options, TlsLibrary tls) {
    Failures failures = new Failures(uri);
    ScheduledExecutorService deadlines = deadlines();
    List<Connection> connections = new ArrayList<>();
    boolean opened = false;
    try {
      Handshake.Agreed first = handshake(uri, options, failures, deadlines, tls);
      connections.add(connection(first, failures, options, 0));
      ExportInfo info = first.info();
      int wanted = info.readOnly() || info.multiConn() ? options.connections() : 1;
      while (connections.size() < wanted) {
        Handshake.Agreed next = handshake(uri, options, failures, deadlines, tls);
        connections.add(connection(next, failures, options, connections.size()));
        if (!next.info().equals(info) || !next.contextIds().equals(first.contextIds())) {
          throw failures.protocol("its connections disagree about the export");
        }
      }
      NbdExport export =
          new NbdExport(info, first.contextIds(), connections, options, failures, deadlines);
      opened = true;
      return export;
    } finally {
      if (!opened) {
        connections.forEach(Connection::close);
        deadlines.shutdownNow();
      }
    }
  }

  /**
   * Names of the exports that a server lists; the URI's own export name plays no part.
   *
   * @throws SendenseException as for {@link #open}; SOURCE_PROTOCOL also where it does not list
   */
  public static List<String> list(NbdUri uri, Duration deadline) {
    Failures failures = new Failures(uri);
    ScheduledExecutorService deadlines = deadlines();
    try {
      return connect(
          uri,
          deadline,
          failures,
          deadlines,
          TlsLibrary.best(),
          handshake -> {
            List<String> names = handshake.list();
            handshake.transport().close();
            return names;
          });
    } finally {
      deadlines.shutdownNow();
    }
  }

  private interface Step<T> {
    T run(Handshake handshake) throws IOException;
  }

  private static Handshake.Agreed handshake(
      NbdUri uri,
      NbdClientOptions options,
      Failures failures,
      ScheduledExecutorService deadlines,
      TlsLibrary tls) {
    return connect(
        uri,
        options.connectDeadline(),
        failures,
        deadlines,
        tls,
        handshake -> handshake.open(options.contexts()));
  }

  private static <T> T connect(
      NbdUri uri,
      Duration deadline,
      Failures failures,
      ScheduledExecutorService deadlines,
      TlsLibrary tls,
      Step<T> step) {
    PlainTransport plain;
    try {
      plain = PlainTransport.open(uri);
    } catch (IOException e) {
      throw failures.unreachable("cannot be reached: no socket", e);
    }
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> guard =
        deadlines.schedule(
            () -> {
              late.set(true);
              plain.kill();
            },
            deadline.toNanos(),
            TimeUnit.NANOSECONDS);
    boolean done = false;
    boolean connected = false;
    try {
      plain.connect(uri);
      connected = true;
      T result = step.run(new Handshake(uri, plain, failures, tls));
      if (!guard.cancel(false) && late.get()) {
        throw failures.deadline("finish the handshake", deadline);
      }
      done = true;
      return result;
    } catch (IOException | UnsupportedOperationException e) {
      if (late.get()) {
        throw failures.deadline("finish the handshake", deadline);
      }
      if (e instanceof SSLException) {
        throw failures.tls("the server ended it", e);
      }
      throw failures.unreachable(
          connected ? "ended the connection in the handshake" : "cannot be reached", e);
    } finally {
      guard.cancel(false);
      if (!done) {
        plain.kill();
      }
    }
  }

  private static Connection connection(
      Handshake.Agreed agreed, Failures failures, NbdClientOptions options, int index) {
    Connection connection =
        new Connection(
            agreed.transport(),
            failures,
            options,
            agreed.info().structuredReplies(),
            "nbd-reader-" + index);
    connection.start();
    return connection;
  }

  private static ScheduledExecutorService deadlines() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("nbd-deadlines").factory());
  }
}
