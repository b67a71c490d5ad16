package io.sendense.lab.cloudstack;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Programmer Guide, "Signing API Requests" and "Enabling API Call Expiration", written apart from
 * any client so that a mistake in one is not made in the other.
 */
final class Signatures {
  static final String REFUSED = "unable to verify user credentials and/or request signature";
  private static final DateTimeFormatter EXPIRES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssZ");

  private final Function<String, String> secretOfKey;
  private final InstantSource clock;

  /**
   * @param secretOfKey empty text for a key that nobody has
   */
  Signatures(Function<String, String> secretOfKey, InstantSource clock) {
    this.secretOfKey = secretOfKey;
    this.clock = clock;
  }

  /**
   * @param parameters as sent, names with their letters as sent
   * @return the API key of the caller
   */
  String verify(Map<String, String> parameters) {
    String apiKey = value(parameters, "apikey");
    String secret = secretOfKey.apply(apiKey);
    byte[] given = value(parameters, "signature").getBytes(StandardCharsets.UTF_8);
    boolean right =
        !secret.isEmpty()
            && MessageDigest.isEqual(
                given, sign(parameters, secret).getBytes(StandardCharsets.UTF_8));
    if (!right || expired(parameters)) {
      throw new LabError(LabError.UNAUTHORIZED, REFUSED);
    }
    return apiKey;
  }

  private boolean expired(Map<String, String> parameters) {
    if (!value(parameters, "signatureversion").equals("3")) {
      return false;
    }
    try {
      String expires = value(parameters, "expires");
      return !OffsetDateTime.parse(expires, EXPIRES).toInstant().isAfter(clock.instant());
    } catch (DateTimeException e) {
      return true;
    }
  }

  static String sign(Map<String, String> parameters, String secret) {
    List<String> pairs = new ArrayList<>();
    for (Map.Entry<String, String> entry : parameters.entrySet()) {
      String name = entry.getKey().toLowerCase(Locale.ROOT);
      if (!name.equals("signature")) {
        String value = URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8);
        pairs.add(name + "=" + value.replaceAll("\\+", "%20").toLowerCase(Locale.ROOT));
      }
    }
    pairs.sort(java.util.Comparator.comparing(pair -> pair.substring(0, pair.indexOf('='))));
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(String.join("&", pairs).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String value(Map<String, String> parameters, String name) {
    for (Map.Entry<String, String> entry : parameters.entrySet()) {
      if (entry.getKey().equalsIgnoreCase(name)) {
        return entry.getValue();
      }
    }
    return "";
  }
}
