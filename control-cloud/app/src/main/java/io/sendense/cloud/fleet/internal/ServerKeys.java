package io.sendense.cloud.fleet.internal;

import java.net.Socket;
import java.security.KeyPair;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The listener's key and certificate, made at start and made anew at two thirds of the
 * certificate's life, so that a control plane that runs for a year needs no restart. Any thread.
 */
final class ServerKeys extends X509ExtendedKeyManager {
  static final Duration LIFE = Duration.ofDays(30);
  private static final String ALIAS = "link";

  private record Current(PrivateKey key, List<X509Certificate> chain, Instant renewAt) {}

  private final CertificateAuthority authority;
  private final List<String> names;
  private final SecureRandom random;
  private final InstantSource clock;
  private @Nullable Current current;

  ServerKeys(
      CertificateAuthority authority,
      List<String> names,
      SecureRandom random,
      InstantSource clock) {
    this.authority = authority;
    this.names = names;
    this.random = random;
    this.clock = clock;
  }

  private synchronized Current current() {
    Instant now = clock.instant();
    Current held = current;
    if (held == null || !now.isBefore(held.renewAt())) {
      KeyPair pair = CertificateAuthority.newKey(random);
      X509Certificate leaf = authority.issueServer(names, pair.getPublic(), LIFE);
      held =
          new Current(
              pair.getPrivate(),
              List.of(leaf, authority.root()),
              now.plus(LIFE.multipliedBy(2).dividedBy(3)));
      current = held;
    }
    return held;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return keyType.startsWith("EC") ? ALIAS : null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return keyType.startsWith("EC") ? ALIAS : null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return current().chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return current().key();
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[0];
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
