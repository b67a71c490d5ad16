package io.sendense.recovery.proof;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Signs records and verifies them: JWS in the flattened serialisation, ES256 and nothing else. */
public final class SignedProof {
  /** The longest record that is read. */
  public static final int MAX_BYTES = 4 << 20;

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String TYPE = "sendense-proof+jws";
  private static final Set<String> MEMBERS = Set.of("protected", "payload", "signature");

  private SignedProof() {}

  /** The record's file. */
  public static byte[] sign(ProofRecord record, ProofKey key) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", "ES256");
    header.put("kid", ProofKey.thumbprint(key.open()));
    header.put("typ", TYPE);
    header.put("ver", 1);
    String head = ProofKey.base64(JSON.writeValueAsBytes(header));
    String payload = ProofKey.base64(JSON.writeValueAsBytes(record.document()));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("protected", head);
    all.put("payload", payload);
    all.put("signature", ProofKey.base64(key.sign(input(head, payload))));
    return (JSON.writeValueAsString(all) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The payload of a record whose signature holds.
   *
   * @throws SendenseException UNAUTHENTICATED where it was signed by another key or changed;
   *     BAD_ARGUMENT where it is no record of a known version
   */
  public static JsonNode verify(byte[] file, PublicKey key) {
    try {
      JsonNode all = file.length > MAX_BYTES ? JSON.createObjectNode() : JSON.readTree(file);
      if (!Set.copyOf(all.propertyNames()).equals(MEMBERS)) {
        throw noRecord();
      }
      String head = all.path("protected").asString("");
      String payload = all.path("payload").asString("");
      JsonNode header = JSON.readTree(decode(head));
      if (!header.path("alg").asString("").equals("ES256")
          || !header.path("typ").asString("").equals(TYPE)
          || header.path("ver").asInt(0) != 1
          || header.size() != 4) {
        throw noRecord();
      }
      if (!header.path("kid").asString("").equals(ProofKey.thumbprint(key))) {
        throw new SendenseException(
            ErrorCode.UNAUTHENTICATED,
            "the record was signed by another key, " + shown(header.path("kid").asString("")),
            "Give the public key of the appliance that made it with --key.");
      }
      if (!holds(key, input(head, payload), decode(all.path("signature").asString("")))) {
        throw new SendenseException(
            ErrorCode.UNAUTHENTICATED,
            "the signature does not fit: the record was changed or made up",
            "Do not rely on it.");
      }
      return JSON.readTree(decode(payload));
    } catch (JacksonException | IllegalArgumentException e) {
      throw noRecord();
    }
  }

  private static boolean holds(PublicKey key, byte[] input, byte[] signature) {
    try {
      Signature check = Signature.getInstance(ProofKey.ALGORITHM);
      check.initVerify(key);
      check.update(input);
      return check.verify(signature);
    } catch (GeneralSecurityException malformed) {
      return false;
    }
  }

  private static byte[] input(String head, String payload) {
    return (head + "." + payload).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] decode(String text) {
    return Base64.getUrlDecoder().decode(text);
  }

  private static String shown(String kid) {
    return kid.matches("[A-Za-z0-9_-]{1,64}") ? kid : "whose id cannot be shown";
  }

  private static SendenseException noRecord() {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "this is no proof record of version 1",
        "Give the file proof.json of a proof's folder.");
  }
}
