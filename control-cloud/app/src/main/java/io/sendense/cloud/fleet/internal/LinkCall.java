package io.sendense.cloud.fleet.internal;

import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request of the link as the routes see it.
 *
 * @param headers names in lower case
 * @param peer the certificate whose key the caller has proved to hold; by whom it was issued is not
 *     judged yet
 * @param connection for as long as it is open the caller's session is live
 */
@SuppressWarnings("ArrayRecordComponent") // bodies pass through once and are never compared
record LinkCall(
    String method,
    String path,
    Map<String, String> headers,
    byte[] body,
    Optional<X509Certificate> peer,
    Connection connection) {
  /** What the routes may do with the connection. */
  interface Connection {
    /** Runs once when the connection has closed, at once if it has closed already. */
    void onClose(Runnable action);
  }

  /** An answer. */
  @SuppressWarnings("ArrayRecordComponent") // as above
  record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer empty(int status) {
      return new Answer(status, Map.of(), new byte[0]);
    }

    static Answer of(String contentType, byte[] body) {
      return new Answer(200, Map.of("Content-Type", contentType), body);
    }
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }
}
