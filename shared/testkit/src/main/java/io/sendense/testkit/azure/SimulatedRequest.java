package io.sendense.testkit.azure;

import com.sun.net.httpserver.Headers;
import java.util.Map;
import java.util.Optional;

/** A call on a blob. */
@SuppressWarnings("ArrayRecordComponent") // Requests are never compared.
record SimulatedRequest(
    String method, String blob, Map<String, String> query, Headers headers, byte[] body) {
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.getFirst(name));
  }
}
