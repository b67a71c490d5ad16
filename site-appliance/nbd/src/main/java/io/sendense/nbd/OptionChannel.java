package io.sendense.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The handshake's option requests and replies over a transport, every length bounded. */
final class OptionChannel {
  // The longest reply we ask for holds two protocol strings.
  private static final int MAX_REPLY_BYTES = 16 << 10;

  private final Transport transport;
  private final Failures failures;

  OptionChannel(Transport transport, Failures failures) {
    this.transport = transport;
    this.failures = failures;
  }

  /** Reads exactly so many bytes, never one more: what follows may be TLS. */
  ByteBuffer readExactly(int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (transport.read(buffer) < 0) {
        throw new EOFException("the server closed it during the handshake");
      }
    }
    return buffer.flip();
  }

  void write(ByteBuffer bytes) throws IOException {
    transport.write(bytes, ByteBuffer.allocate(0));
  }

  void send(int option, ByteBuffer data) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(16 + data.remaining());
    header.putLong(Nbd.OPTION_MAGIC).putInt(option).putInt(data.remaining()).put(data);
    write(header.flip());
  }

  OptionReply receive(int option) throws IOException {
    ByteBuffer header = readExactly(20);
    long magic = header.getLong();
    int answered = header.getInt();
    int type = header.getInt();
    long length = Integer.toUnsignedLong(header.getInt());
    if (magic != Nbd.OPTION_REPLY_MAGIC || answered != option) {
      throw failures.protocol("reply to option " + option + " with a wrong magic or option");
    }
    if (length > MAX_REPLY_BYTES) {
      throw failures.protocol("reply to option " + option + " of " + length + " bytes");
    }
    return new OptionReply(type, readExactly((int) length));
  }

  /** Encodes an export name and a list of context queries, as the meta context options take it. */
  static ByteBuffer contextQuery(String export, List<String> queries) {
    ByteBuffer name = string(export);
    List<ByteBuffer> encoded = queries.stream().map(OptionChannel::string).toList();
    int bytes = name.remaining() + 4 + encoded.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer data = ByteBuffer.allocate(bytes).put(name).putInt(queries.size());
    encoded.forEach(data::put);
    return data.flip();
  }

  /** Encodes an export name and the kinds of information wanted, as INFO and GO take it. */
  static ByteBuffer infoQuery(String export, List<Integer> kinds) {
    ByteBuffer name = string(export);
    ByteBuffer data = ByteBuffer.allocate(name.remaining() + 2 + 2 * kinds.size()).put(name);
    data.putShort((short) kinds.size());
    kinds.forEach(kind -> data.putShort(kind.shortValue()));
    return data.flip();
  }

  private static ByteBuffer string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).flip();
  }
}
