package io.sendense.connectors.cloudstack;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a request is signed: CloudStack documentation, Programmer Guide, "Signing API Requests". The
 * only algorithm that it names is HMAC with SHA-1; what is signed are the sorted parameters in
 * lower case.
 */
final class Signing {
  private static final String ALGORITHM = "HmacSHA1";

  private Signing() {}

  static String signature(Map<String, String> parameters, String secretKey) {
    TreeMap<String, String> sorted = new TreeMap<>();
    parameters.forEach(
        (name, value) ->
            sorted.put(name.toLowerCase(Locale.ROOT), encode(value).toLowerCase(Locale.ROOT)));
    String text =
        sorted.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("&"));
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /** As the server does it again to compare: Java's form encoding, with spaces as %20. */
  static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
