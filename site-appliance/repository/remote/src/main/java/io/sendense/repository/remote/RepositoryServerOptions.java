package io.sendense.repository.remote;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Where a server listens and its bounds.
 *
 * @param address port 0 takes a free one
 * @param connections in all, those still in the handshake included
 * @param connectionsPerPeer of one certificate's key
 * @param inFlight requests of one connection being worked on
 * @param putBytes memory for objects being received, all connections together
 * @param objectBytesMax longest object; at most {@code putBytes}
 * @param workers threads that call the stores
 * @param hello TLS handshake and HELLO together
 * @param frame from a frame's first byte to its last; also how long a client may not take an answer
 * @param silence after which a client that says nothing is closed
 * @param putBase a put's content must have come after this and a second per 256 KiB
 */
public record RepositoryServerOptions(
    InetSocketAddress address,
    int connections,
    int connectionsPerPeer,
    int inFlight,
    long putBytes,
    int objectBytesMax,
    int workers,
    Duration hello,
    Duration frame,
    Duration silence,
    Duration putBase) {
  public RepositoryServerOptions {
    if (connections < 1 || connectionsPerPeer < 1 || inFlight < 1 || workers < 1) {
      throw new IllegalArgumentException("the bounds of a repository server must be positive");
    }
    if (objectBytesMax < 1 || objectBytesMax > putBytes) {
      throw new IllegalArgumentException("memory for puts must hold the longest object");
    }
  }

  /** The bounds of the protocol's page. */
  public static RepositoryServerOptions at(InetSocketAddress address) {
    return new RepositoryServerOptions(
        address,
        64,
        16,
        32,
        256L << 20,
        64 << 20,
        Math.clamp(4L * Runtime.getRuntime().availableProcessors(), 8, 32),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60));
  }

  /** The same with other waits. */
  public RepositoryServerOptions withWaits(
      Duration newHello, Duration newFrame, Duration newSilence, Duration newPutBase) {
    return new RepositoryServerOptions(
        address,
        connections,
        connectionsPerPeer,
        inFlight,
        putBytes,
        objectBytesMax,
        workers,
        newHello,
        newFrame,
        newSilence,
        newPutBase);
  }

  /** The same with other bounds of connections and memory. */
  public RepositoryServerOptions withBounds(
      int newConnections, int newPerPeer, long newPutBytes, int newObjectBytesMax) {
    return new RepositoryServerOptions(
        address,
        newConnections,
        newPerPeer,
        inFlight,
        newPutBytes,
        newObjectBytesMax,
        workers,
        hello,
        frame,
        silence,
        putBase);
  }
}
