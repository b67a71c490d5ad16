package io.sendense.nbd;

import java.nio.ByteBuffer;

/** One reply to a handshake option. The data's position is at its first byte. */
record OptionReply(int type, ByteBuffer data) {
  boolean isError() {
    return (type & Nbd.REP_ERROR_BIT) != 0;
  }

  /** The sentence some servers add to an error. */
  String text() {
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    return Failures.shown(bytes);
  }
}
