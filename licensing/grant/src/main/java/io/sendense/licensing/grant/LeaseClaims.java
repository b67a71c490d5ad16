package io.sendense.licensing.grant;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.LicenceId;
import java.util.LinkedHashMap;
import java.util.Map;

/** A lease as a payload and back. */
final class LeaseClaims {
  private LeaseClaims() {}

  static Map<String, Object> write(Lease lease) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("licence", lease.licence().toString());
    claims.put("appliance", lease.appliance().toString());
    claims.put("seq", lease.sequence());
    claims.put("iat", lease.issuedAt().getEpochSecond());
    claims.put("nbf", lease.notBefore().getEpochSecond());
    claims.put("exp", lease.expiresAt().getEpochSecond());
    return claims;
  }

  static Lease read(Claims claims) {
    Lease lease =
        new Lease(
            new LicenceId(claims.uuid("licence")),
            new ApplianceId(claims.uuid("appliance")),
            claims.number("seq"),
            claims.instant("iat"),
            claims.instant("nbf"),
            claims.instant("exp"));
    claims.nothingElse();
    return lease;
  }
}
