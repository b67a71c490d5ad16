package io.sendense.testkit.azure;

import java.util.Map;

/** The answer to a call on a blob that succeeded. */
@SuppressWarnings("ArrayRecordComponent") // Answers are never compared.
record SimulatedAnswer(int status, Map<String, String> headers, byte[] body) {
  static SimulatedAnswer of(int status, Map<String, String> headers) {
    return new SimulatedAnswer(status, headers, new byte[0]);
  }
}
