package io.sendense.controllink;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Gets this appliance its identity and keeps it fresh. The key is made here and never leaves; every
 * certificate has a new key.
 *
 * <p>One thread, under the state folder's lock. A failed call leaves the identity as it was; an
 * enrolment that failed after the cloud had accepted it is completed by calling again with the same
 * token.
 */
public final class Enrolment {
  private final IdentityStore store;
  private final SecureRandom random;
  private final InstantSource clock;
  private final Optional<InetSocketAddress> proxy;

  /**
   * @param proxy an HTTP proxy that is asked to CONNECT; none for a direct connection
   */
  public Enrolment(
      IdentityStore store,
      SecureRandom random,
      InstantSource clock,
      Optional<InetSocketAddress> proxy) {
    this.store = store;
    this.random = random;
    this.clock = clock;
    this.proxy = proxy;
  }

  /**
   * Trades a one-time token for an identity.
   *
   * @param ca by which the cloud is known from now on; what the system trusts counts for nothing
   * @throws SendenseException with the cloud's reason; {@code ALREADY_EXISTS} if this folder is
   *     enrolled
   */
  public Identity enrol(URI cloud, List<X509Certificate> ca, String name, String token)
      throws InterruptedException {
    if (store.identity().isPresent()) {
      throw new SendenseException(
          ErrorCode.ALREADY_EXISTS,
          "this state folder is already enrolled",
          "Use another folder, or move the identity.pem in it away to enrol as a new appliance.");
    }
    try (LinkTransport transport = new LinkTransport(cloud, ca, Optional.empty(), proxy)) {
      PrivateKey key = store.pendingKey(() -> Keys.generate(random).getPrivate());
      byte[] request = Keys.request(publicHalf(key), key, name);
      Identity identity = accepted(key, new Est(transport).enrol(token, request));
      store.saveCloud(cloud, ca);
      store.save(identity);
      store.forgetPending();
      return identity;
    }
  }

  /**
   * Renews a certificate: shown in TLS while it is valid, by a signature of its key after that.
   * Saves the new identity before it returns it.
   */
  public Identity renew(Identity old) throws InterruptedException {
    KeyPair fresh = Keys.generate(random);
    byte[] request =
        Keys.request(fresh.getPublic(), fresh.getPrivate(), old.appliance().toString());
    boolean expired = old.expiredAt(clock.instant());
    try (LinkTransport transport =
        new LinkTransport(
            store.cloudUrl(),
            store.cloudCa(),
            expired ? Optional.empty() : Optional.of(old),
            proxy)) {
      Est est = new Est(transport);
      X509Certificate certificate =
          expired ? est.renewExpired(Keys.signedWithOld(request, old)) : est.renew(request);
      Identity identity = accepted(fresh.getPrivate(), certificate);
      if (!identity.appliance().equals(old.appliance())) {
        throw new SendenseException(
            ErrorCode.LINK_REFUSED,
            "the cloud renewed the certificate for another appliance, " + identity.appliance(),
            "Report this; the old certificate stays in use.");
      }
      store.save(identity);
      return identity;
    }
  }

  private static Identity accepted(PrivateKey key, X509Certificate certificate) {
    if (!certificate.getPublicKey().equals(publicHalf(key))) {
      throw new SendenseException(
          ErrorCode.LINK_REFUSED,
          "the cloud issued a certificate for another key than the one that asked",
          "Check that the address is the appliance link of your control plane.");
    }
    Identity identity = new Identity(key, certificate);
    identity.appliance();
    return identity;
  }

  /** A private key on P-256 alone determines its public one. */
  private static PublicKey publicHalf(PrivateKey key) {
    return PublicHalf.of(key);
  }
}
