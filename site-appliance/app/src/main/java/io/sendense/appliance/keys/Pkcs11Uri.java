package io.sendense.appliance.keys;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Names a key in a token, after RFC 7512: {@code
 * pkcs11:object=KEY;slot-id=N?module-path=LIBRARY&pin-source=file:FILE}.
 *
 * @param object label of an AES-256 key that may seal and open (CKA_ENCRYPT, CKA_DECRYPT)
 * @param slot the token's slot; empty for the first slot that holds a token
 * @param module the vendor's library
 * @param pinFile holds the user's PIN in its first line; empty for the variable SENDENSE_PKCS11_PIN
 */
public record Pkcs11Uri(String object, OptionalLong slot, Path module, Optional<Path> pinFile) {
  private static final String SCHEME = "pkcs11:";

  /**
   * @throws SendenseException BAD_ARGUMENT that names the part at fault
   */
  public static Pkcs11Uri parse(String uri) {
    if (!uri.startsWith(SCHEME)) {
      throw bad("it does not begin with " + SCHEME);
    }
    String rest = uri.substring(SCHEME.length());
    int mark = rest.indexOf('?');
    Map<String, String> path = parts(mark < 0 ? rest : rest.substring(0, mark), ";");
    Map<String, String> query = parts(mark < 0 ? "" : rest.substring(mark + 1), "&");
    String object = take(path, "object").orElseThrow(() -> bad("object=LABEL is missing"));
    OptionalLong slot =
        take(path, "slot-id").map(id -> OptionalLong.of(number(id))).orElse(OptionalLong.empty());
    String module =
        take(query, "module-path").orElseThrow(() -> bad("module-path=LIBRARY is missing"));
    Optional<Path> pin = take(query, "pin-source").map(Pkcs11Uri::pinFile);
    if (query.containsKey("pin-value")) {
      throw bad("a PIN in an argument can be seen by others; use pin-source=file:FILE");
    }
    path.putAll(query);
    if (!path.isEmpty()) {
      throw bad("\"" + path.keySet().iterator().next() + "\" is not supported");
    }
    return new Pkcs11Uri(object, slot, Path.of(module), pin);
  }

  private static Optional<String> take(Map<String, String> parts, String name) {
    return Optional.ofNullable(parts.remove(name)).filter(value -> !value.isEmpty());
  }

  private static Map<String, String> parts(String text, String separator) {
    Map<String, String> parts = new LinkedHashMap<>();
    for (String part : text.split(separator, -1)) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      if (equals < 1) {
        throw bad("\"" + part + "\" is not NAME=VALUE");
      }
      String value;
      try {
        // A plus sign means itself in RFC 7512; the decoder would make it a space.
        value =
            URLDecoder.decode(
                part.substring(equals + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw bad("\"" + part.substring(0, equals) + "\" has a wrong percent sign");
      }
      if (parts.put(part.substring(0, equals), value) != null) {
        throw bad("\"" + part.substring(0, equals) + "\" is there twice");
      }
    }
    return parts;
  }

  private static Path pinFile(String source) {
    return Path.of(source.startsWith("file:") ? source.substring("file:".length()) : source);
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw bad("slot-id \"" + text + "\" is not a number");
    }
  }

  private static SendenseException bad(String what) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "the token's URI cannot be used: " + what,
        "Write pkcs11:object=KEY;slot-id=N?module-path=LIBRARY&pin-source=file:FILE");
  }
}
