package io.sendense.licensing.grant;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The public keys whose signatures are believed, by key id. Several, so that a new key can be
 * published long before it signs. Pinned in the appliance image, never taken from what is checked.
 */
public final class TrustSet {
  /** Design section 6. */
  public static final int LEAST_KEY_BITS = 4096;

  private static final int MOST_KEYS = 16;

  private final Map<String, RSAPublicKey> keys;

  private TrustSet(Map<String, RSAPublicKey> keys) {
    if (keys.size() > MOST_KEYS) {
      throw new IllegalArgumentException("a trust set holds at most " + MOST_KEYS + " keys");
    }
    keys.values()
        .forEach(
            key -> {
              if (key.getModulus().bitLength() < LEAST_KEY_BITS) {
                throw new IllegalArgumentException(
                    "a licence key has at least "
                        + LEAST_KEY_BITS
                        + " bits, got "
                        + key.getModulus().bitLength());
              }
            });
    this.keys = Map.copyOf(keys);
  }

  public static TrustSet of(Collection<RSAPublicKey> keys) {
    Map<String, RSAPublicKey> byId = new LinkedHashMap<>();
    keys.forEach(key -> byId.put(keyId(key), key));
    return new TrustSet(byId);
  }

  /**
   * Reads a JWK Set (RFC 7517).
   *
   * @throws IllegalArgumentException if it is not one, holds a private or other than RSA key, or a
   *     key whose id is not its thumbprint
   */
  public static TrustSet parse(String jwkSet) {
    Map<String, RSAPublicKey> byId = new LinkedHashMap<>();
    try {
      for (JWK jwk : JWKSet.parse(jwkSet).getKeys()) {
        if (!(jwk instanceof RSAKey rsa) || jwk.isPrivate()) {
          throw new IllegalArgumentException("a trust set holds public RSA keys only");
        }
        RSAPublicKey key = rsa.toRSAPublicKey();
        if (!keyId(key).equals(jwk.getKeyID())) {
          throw new IllegalArgumentException(
              "key id " + jwk.getKeyID() + " is not the thumbprint of its key");
        }
        byId.put(keyId(key), key);
      }
    } catch (ParseException | JOSEException e) {
      throw new IllegalArgumentException("not a JWK set: " + e.getMessage(), e);
    }
    return new TrustSet(byId);
  }

  /** RFC 7638 thumbprint with SHA-256, base64url. */
  public static String keyId(RSAPublicKey key) {
    try {
      return new RSAKey.Builder(key).build().computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public Optional<RSAPublicKey> find(String keyId) {
    return Optional.ofNullable(keys.get(keyId));
  }

  public Set<String> keyIds() {
    return keys.keySet();
  }

  /** The JWK Set that {@link #parse} reads. */
  public String toJwkSet() {
    return new JWKSet(
            keys.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .<JWK>map(e -> new RSAKey.Builder(e.getValue()).keyID(e.getKey()).build())
                .toList())
        .toString(true);
  }
}
