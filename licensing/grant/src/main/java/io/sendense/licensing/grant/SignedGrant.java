package io.sendense.licensing.grant;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/** The three parts of a signed object, read strictly; nothing is verified yet. */
record SignedGrant(JWSHeader header, String signingInput, Base64URL signature, String payload) {
  private static final Set<String> MEMBERS = Set.of("protected", "payload", "signature");
  private static final Set<String> HEADER_MEMBERS = Set.of("alg", "kid", "typ", "ver", "aud");

  /**
   * @throws IllegalArgumentException naming what is not as documented
   */
  static SignedGrant parse(String text) {
    if (text.length() > GrantFormat.MOST_BYTES) {
      throw new IllegalArgumentException("it is longer than " + GrantFormat.MOST_BYTES + " bytes");
    }
    try {
      Map<String, Object> json = Claims.members(text);
      if (!json.keySet().equals(MEMBERS)) {
        throw new IllegalArgumentException("its members are not " + MEMBERS);
      }
      String header = part(json, "protected");
      String payload = part(json, "payload");
      JWSHeader parsed = JWSHeader.parse(Claims.members(decoded(header)), new Base64URL(header));
      if (!HEADER_MEMBERS.equals(parsed.getIncludedParams())) {
        throw new IllegalArgumentException(
            "its header members are " + parsed.getIncludedParams() + " and not " + HEADER_MEMBERS);
      }
      return new SignedGrant(
          parsed, header + "." + payload, new Base64URL(part(json, "signature")), decoded(payload));
    } catch (ParseException e) {
      throw new IllegalArgumentException("it is not a JWS in JSON form", e);
    }
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  private static String part(Map<String, Object> json, String name) {
    if (json.get(name) instanceof String text) {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text)) {
        return text;
      }
    }
    throw new IllegalArgumentException(name + " is not canonical base64url");
  }
}
