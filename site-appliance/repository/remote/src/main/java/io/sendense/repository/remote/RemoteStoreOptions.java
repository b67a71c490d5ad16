package io.sendense.repository.remote;

import java.time.Duration;

/**
 * Which repository of which appliance, and how long to wait for it.
 *
 * @param host as it is in the other side's certificate
 * @param repository its name there
 * @param connections opened as they are needed, at most this many
 * @param connect TCP, TLS and WELCOME together
 * @param request one call, from its beginning to its end
 * @param silence after which a server that says nothing is given up; it is asked for a sign of life
 *     after a third of it
 */
public record RemoteStoreOptions(
    String host,
    int port,
    String repository,
    int connections,
    Duration connect,
    Duration request,
    Duration silence) {
  /** The port used where none is named. */
  public static final int DEFAULT_PORT = 7470;

  public RemoteStoreOptions {
    if (connections < 1 || connections > 16) {
      throw new IllegalArgumentException("1 to 16 connections, got " + connections);
    }
    if (!connect.isPositive() || !request.isPositive() || !silence.isPositive()) {
      throw new IllegalArgumentException("every wait must be positive");
    }
  }

  /** Two connections; 10 s, 120 s and 30 s. */
  public static RemoteStoreOptions of(String host, int port, String repository) {
    return new RemoteStoreOptions(
        host,
        port,
        repository,
        2,
        Duration.ofSeconds(10),
        Duration.ofSeconds(120),
        Duration.ofSeconds(30));
  }

  /** The same with other waits. */
  public RemoteStoreOptions withWaits(
      Duration newConnect, Duration newRequest, Duration newSilence) {
    return new RemoteStoreOptions(
        host, port, repository, connections, newConnect, newRequest, newSilence);
  }

  public RemoteStoreOptions withConnections(int count) {
    return new RemoteStoreOptions(host, port, repository, count, connect, request, silence);
  }

  /** For people. */
  String describe() {
    return "sendense://" + host + ":" + port + "/" + repository;
  }
}
