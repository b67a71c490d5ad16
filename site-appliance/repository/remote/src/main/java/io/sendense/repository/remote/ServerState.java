package io.sendense.repository.remote;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectHash;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** What all connections of a server share. Thread-safe. */
final class ServerState {
  private final RepositoryServerOptions options;
  private final List<Grant> grants;
  private final Supplier<ObjectHash> newHash;
  private final PutMemory memory;
  private final ThreadPoolExecutor workers;
  private final Map<PeerIdentity, Integer> connections = new ConcurrentHashMap<>();

  ServerState(RepositoryServerOptions options, List<Grant> grants, Supplier<ObjectHash> newHash) {
    this.newHash = newHash;
    this.options = options;
    this.grants = List.copyOf(grants);
    this.memory = new PutMemory(options.putBytes());
    // A put is handed over twice; every connection's requests are bounded, so this never refuses.
    int queue = Math.multiplyExact(2 * options.connections(), options.inFlight());
    this.workers =
        new ThreadPoolExecutor(
            options.workers(),
            options.workers(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            Thread.ofPlatform().daemon().name("repository-server-", 0).factory());
  }

  RepositoryServerOptions options() {
    return options;
  }

  Supplier<ObjectHash> newHash() {
    return newHash;
  }

  PutMemory memory() {
    return memory;
  }

  void work(Runnable task) {
    workers.execute(task);
  }

  /**
   * Lets a client in whose certificate was verified.
   *
   * @throws SendenseException FORBIDDEN, LIMIT_REACHED
   */
  Admission admit(SSLSession tls, String repository) throws SSLPeerUnverifiedException {
    X509Certificate certificate = (X509Certificate) tls.getPeerCertificates()[0];
    Set<PeerIdentity> identities = PeerIdentity.all(certificate);
    PeerIdentity peer = PeerIdentity.of(certificate.getPublicKey());
    Grant grant =
        grants.stream()
            .filter(one -> identities.contains(one.identity()))
            .filter(one -> one.repository().equals(repository))
            .findFirst()
            .orElseThrow(() -> unknown(peer));
    if (connections.merge(peer, 1, Integer::sum) > options.connectionsPerPeer()) {
      left(peer);
      throw new SendenseException(
          ErrorCode.LIMIT_REACHED,
          "this appliance has " + options.connectionsPerPeer() + " connections already",
          "Use fewer connections.");
    }
    return new Admission(peer, Session.of(grant, options.objectBytesMax()));
  }

  void left(PeerIdentity peer) {
    connections.computeIfPresent(peer, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Returns whether what was being done came to its end. */
  boolean stop(long seconds) {
    // Never interrupted: an interrupt in the middle of a write would close the store's own files.
    workers.getQueue().clear();
    workers.shutdown();
    try {
      return workers.awaitTermination(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static SendenseException unknown(PeerIdentity peer) {
    return new SendenseException(
        ErrorCode.FORBIDDEN,
        "the receiving appliance grants " + peer + " no repository of that name",
        "Ask whoever runs it for a grant to this identity.");
  }
}
