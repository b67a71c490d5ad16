package io.sendense.nbd;

import java.time.Duration;
import java.util.List;

/**
 * Bounds of a client, fixed when it opens an export.
 *
 * @param connections how many to open at most; one is used where the server does not promise that
 *     several see the same data
 * @param inFlight how many requests may be in flight on each connection
 * @param requestBytes size of one read or write request; larger calls are split and pipelined.
 *     Never above what the server allows
 * @param contexts block-status contexts to ask for, besides {@code base:allocation}
 * @param connectDeadline for connecting, TLS and the handshake of one connection
 * @param requestDeadline for every call on the export
 */
public record NbdClientOptions(
    int connections,
    int inFlight,
    int requestBytes,
    List<String> contexts,
    Duration connectDeadline,
    Duration requestDeadline) {
  static final int MAX_CONNECTIONS = 16;
  static final int MAX_IN_FLIGHT = 256;
  // What the NBD specification lets every client assume a server accepts.
  static final int MAX_REQUEST_BYTES = 32 << 20;
  static final int MIN_REQUEST_BYTES = 4096;
  private static final int MAX_CONTEXTS = 64;

  public NbdClientOptions {
    contexts = List.copyOf(contexts);
    within("connections", connections, 1, MAX_CONNECTIONS);
    within("requests in flight", inFlight, 1, MAX_IN_FLIGHT);
    within("request bytes", requestBytes, MIN_REQUEST_BYTES, MAX_REQUEST_BYTES);
    within("contexts", contexts.size(), 0, MAX_CONTEXTS);
    if (!connectDeadline.isPositive() || !requestDeadline.isPositive()) {
      throw new IllegalArgumentException("deadlines must be positive");
    }
  }

  /** Two connections of 16 requests of 1 MiB; 10 s to connect, 60 s for a call. */
  public static NbdClientOptions defaults() {
    return new NbdClientOptions(
        2, 16, 1 << 20, List.of(), Duration.ofSeconds(10), Duration.ofSeconds(60));
  }

  public NbdClientOptions withConnections(int value) {
    return new NbdClientOptions(
        value, inFlight, requestBytes, contexts, connectDeadline, requestDeadline);
  }

  public NbdClientOptions withInFlight(int value) {
    return new NbdClientOptions(
        connections, value, requestBytes, contexts, connectDeadline, requestDeadline);
  }

  public NbdClientOptions withRequestBytes(int value) {
    return new NbdClientOptions(
        connections, inFlight, value, contexts, connectDeadline, requestDeadline);
  }

  /** Asks for further contexts, such as {@code qemu:dirty-bitmap:b0}. */
  public NbdClientOptions withContexts(List<String> value) {
    return new NbdClientOptions(
        connections, inFlight, requestBytes, value, connectDeadline, requestDeadline);
  }

  public NbdClientOptions withConnectDeadline(Duration value) {
    return new NbdClientOptions(
        connections, inFlight, requestBytes, contexts, value, requestDeadline);
  }

  public NbdClientOptions withRequestDeadline(Duration value) {
    return new NbdClientOptions(
        connections, inFlight, requestBytes, contexts, connectDeadline, value);
  }

  private static void within(String what, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(
          what + " must be within " + from + " and " + to + ", got " + value);
    }
  }
}
