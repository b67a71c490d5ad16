package io.sendense.licensing.grant;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A licence or lease ready to be signed. Both parts are base64url as in the signed form.
 *
 * @param protectedHeader the header, encoded
 * @param payload the claims, encoded
 */
public record UnsignedGrant(String protectedHeader, String payload) {
  /** What the signature is made over (RFC 7515, section 5.1). */
  public byte[] signingInput() {
    return (protectedHeader + "." + payload).getBytes(StandardCharsets.US_ASCII);
  }

  /** The flattened JSON serialisation. */
  public String signedWith(byte[] signature) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("protected", protectedHeader);
    json.put("payload", payload);
    json.put("signature", Base64URL.encode(signature).toString());
    return JSONObjectUtils.toJSONString(json);
  }
}
