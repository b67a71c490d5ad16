package io.sendense.licensing.grant;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import java.util.Map;
import java.util.Optional;

/** Version 1 of the signed form, as {@code docs/formats/licence.md} has it; the writing half. */
public final class GrantFormat {
  /** The only version this program knows. */
  public static final int VERSION = 1;

  /** In bytes; more is refused unread. */
  static final int MOST_BYTES = 64 * 1024;

  static final String LICENCE_TYPE = "sendense-licence+jws";
  static final String LEASE_TYPE = "sendense-lease+jws";
  static final String TRUST_TYPE = "sendense-trust+jws";

  /** A trust update is for every appliance. */
  static final String EVERYBODY = "urn:sendense:appliances";

  static final String VERSION_MEMBER = "ver";
  static final String AUDIENCE_MEMBER = "aud";

  private GrantFormat() {}

  public static UnsignedGrant licence(Licence licence, String keyId) {
    String audience = audience(licence.customer(), licence.appliance());
    return unsigned(LICENCE_TYPE, audience, keyId, LicenceClaims.write(licence));
  }

  public static UnsignedGrant lease(Lease lease, String keyId) {
    return unsigned(LEASE_TYPE, audience(lease.appliance()), keyId, LeaseClaims.write(lease));
  }

  public static UnsignedGrant trust(TrustUpdate update, String keyId) {
    return unsigned(TRUST_TYPE, EVERYBODY, keyId, TrustClaims.write(update));
  }

  static String audience(CustomerId customer, Optional<ApplianceId> appliance) {
    return appliance.map(GrantFormat::audience).orElse("urn:sendense:customer:" + customer);
  }

  static String audience(ApplianceId appliance) {
    return "urn:sendense:appliance:" + appliance;
  }

  private static UnsignedGrant unsigned(
      String type, String audience, String keyId, Map<String, Object> claims) {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.PS512)
            .keyID(keyId)
            .type(new JOSEObjectType(type))
            .customParam(VERSION_MEMBER, VERSION)
            .customParam(AUDIENCE_MEMBER, audience)
            .build();
    return new UnsignedGrant(
        header.toBase64URL().toString(),
        Base64URL.encode(JSONObjectUtils.toJSONString(claims)).toString());
  }
}
