package io.sendense.connectors.kvm;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Cuts the byte stream of a QMP socket into JSON objects, one per line. It never holds more than
 * one line, and never a line longer than its bound. Not thread-safe.
 */
final class QmpFrames {
  private final JsonMapper json;
  private final InputStream in;
  private final int maxFrameBytes;

  QmpFrames(JsonMapper json, InputStream in, int maxFrameBytes) {
    this.json = json;
    this.in = new BufferedInputStream(in, 1 << 16);
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * The next object; empty where the stream ended between two objects.
   *
   * @throws SendenseException SOURCE_PROTOCOL where a line is too long, cut off or not JSON
   * @throws IOException where the socket fails
   */
  Optional<JsonNode> next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    while (true) {
      int b = in.read();
      if (b < 0) {
        if (line.size() == 0) {
          return Optional.empty();
        }
        throw bad("the QMP connection ended in the middle of a message", null);
      }
      if (b == '\r' || b == '\n') {
        if (line.size() > 0) {
          return Optional.of(parse(line.toByteArray()));
        }
      } else if (line.size() == maxFrameBytes) {
        throw bad("a QMP message is longer than " + maxFrameBytes + " bytes", null);
      } else {
        line.write(b);
      }
    }
  }

  private JsonNode parse(byte[] line) {
    try {
      JsonNode node = json.readTree(line);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (JacksonException e) {
      throw bad("a QMP message is not JSON", e);
    }
    throw bad("a QMP message is not a JSON object", null);
  }

  private static SendenseException bad(
      String what, @org.jspecify.annotations.Nullable Throwable cause) {
    return new SendenseException(
        ErrorCode.SOURCE_PROTOCOL, what, "Check that the socket is a QEMU QMP monitor.", cause);
  }
}
