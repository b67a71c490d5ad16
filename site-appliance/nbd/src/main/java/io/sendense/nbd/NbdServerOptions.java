package io.sendense.nbd;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a server listens and its bounds, fixed at start.
 *
 * @param address a Unix-domain socket, or TCP
 * @param certificates folder with {@code ca-cert.pem}, {@code server-cert.pem} and {@code
 *     server-key.pem}; where given, TLS with a client certificate of that CA is demanded of
 *     everyone. Empty for a plain server
 * @param connections how many clients may be connected; more are closed at once
 * @param inFlight how many requests of one connection are worked on; more wait in the socket
 * @param inFlightBytes how many bytes of replies one connection may hold in memory; one request is
 *     always taken
 * @param readThreads how many reads of all connections run at once
 * @param handshakeDeadline after which a client that has not finished the handshake is closed
 */
public record NbdServerOptions(
    SocketAddress address,
    Optional<Path> certificates,
    int connections,
    int inFlight,
    long inFlightBytes,
    int readThreads,
    Duration handshakeDeadline) {
  /** The largest request that is served; larger ones are refused. */
  public static final int MAX_REQUEST_BYTES = 32 << 20;

  public NbdServerOptions {
    if (connections < 1 || inFlight < 1 || inFlightBytes < 1 || readThreads < 1) {
      throw new IllegalArgumentException("the bounds of an NBD server must be positive");
    }
    if (!handshakeDeadline.isPositive()) {
      throw new IllegalArgumentException("the handshake deadline must be positive");
    }
    if (address instanceof InetSocketAddress inet
        && certificates.isEmpty()
        && (inet.isUnresolved() || !inet.getAddress().isLoopbackAddress())) {
      throw new IllegalArgumentException(
          "an NBD server without TLS listens on the loopback address only, not on " + inet);
    }
  }

  /** On a Unix socket that only this user can connect to. */
  public static NbdServerOptions unix(Path socket) {
    return defaults(UnixDomainSocketAddress.of(socket));
  }

  /** On TCP at the loopback address; port 0 takes a free one. */
  public static NbdServerOptions loopback(int port) {
    return defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** The same with TLS and client certificates. */
  public NbdServerOptions withCertificates(Path folder) {
    return new NbdServerOptions(
        address,
        Optional.of(folder),
        connections,
        inFlight,
        inFlightBytes,
        readThreads,
        handshakeDeadline);
  }

  public NbdServerOptions withConnections(int value) {
    return new NbdServerOptions(
        address, certificates, value, inFlight, inFlightBytes, readThreads, handshakeDeadline);
  }

  public NbdServerOptions withHandshakeDeadline(Duration value) {
    return new NbdServerOptions(
        address, certificates, connections, inFlight, inFlightBytes, readThreads, value);
  }

  /**
   * 16 connections with 64 requests or 16 MiB each, 10 s. Four read threads per core, because those
   * that want parts of one chunk wait for the one that opens it.
   */
  private static NbdServerOptions defaults(SocketAddress address) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new NbdServerOptions(
        address, Optional.empty(), 16, 64, 16L << 20, 4 * cores, Duration.ofSeconds(10));
  }

  /** What clients are told: the protocol asks for a power of two of at least 512. */
  static int preferredBlockBytes(int wanted) {
    return Integer.highestOneBit(Math.clamp(wanted, 512, MAX_REQUEST_BYTES));
  }
}
