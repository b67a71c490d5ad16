package io.sendense.licensing.grant;

import java.util.LinkedHashMap;
import java.util.Map;

/** A trust update as a payload and back. */
final class TrustClaims {
  private TrustClaims() {}

  static Map<String, Object> write(TrustUpdate update) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iat", update.issuedAt().getEpochSecond());
    claims.put("jwks", update.keys().toJwkSet());
    return claims;
  }

  static TrustUpdate read(Claims claims) {
    TrustUpdate update =
        new TrustUpdate(claims.instant("iat"), TrustSet.parse(claims.text("jwks")));
    claims.nothingElse();
    return update;
  }
}
