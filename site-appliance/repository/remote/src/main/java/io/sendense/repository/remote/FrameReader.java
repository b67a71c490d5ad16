package io.sendense.repository.remote;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Cuts a stream of bytes into frames. DATA is handed on as it arrives and never gathered; all other
 * bodies are gathered up to their small limit. Confined to one thread.
 */
final class FrameReader {
  /** Takes frames. What it throws ends the reading. */
  interface Sink {
    void message(int request, Message message);

    /** A DATA frame begins; it is refused by throwing, before any of it is taken. */
    void dataBegins(int request, int length);

    /** Must read exactly {@code length} bytes of {@code in}. */
    void data(int request, ByteBuf in, int length);

    /** The last byte of a DATA frame has been handed on. */
    void dataEnds(int request);
  }

  private final Sink sink;
  private final ByteBuf header = Unpooled.buffer(Wire.HEADER_BYTES, Wire.HEADER_BYTES);
  private ByteBuf body = Unpooled.EMPTY_BUFFER;
  private int bodyBytesMax;
  private int type;
  private int request;
  private int left;
  private boolean inBody;

  /**
   * @param bodyBytesMax of a frame that is not DATA, until {@link #allow} says more
   */
  FrameReader(Sink sink, int bodyBytesMax) {
    this.sink = sink;
    this.bodyBytesMax = bodyBytesMax;
  }

  void allow(int bytesMax) {
    this.bodyBytesMax = bytesMax;
  }

  /** Whether the stream stands inside a frame. */
  boolean midFrame() {
    return inBody || header.isReadable();
  }

  /** Takes all of {@code in}; does not release it. */
  void read(ByteBuf in) {
    while (in.isReadable()) {
      if (!inBody) {
        int bytes = Math.min(in.readableBytes(), header.writableBytes());
        header.writeBytes(in, bytes);
        if (header.isWritable()) {
          return;
        }
        begin();
        continue;
      }
      int bytes = Math.min(in.readableBytes(), left);
      if (type == Wire.DATA) {
        int before = in.readerIndex();
        sink.data(request, in, bytes);
        if (in.readerIndex() != before + bytes) {
          throw new IllegalStateException("the sink took another number of bytes");
        }
      } else {
        body.writeBytes(in, bytes);
      }
      left -= bytes;
      if (left == 0) {
        end();
      }
    }
  }

  private void begin() {
    left = header.readInt();
    type = header.readUnsignedByte();
    int reserved = header.readUnsignedMedium();
    request = header.readInt();
    header.clear();
    int most = type == Wire.DATA ? Wire.DATA_BYTES_MAX : bodyBytesMax;
    if (left < 0 || left > most) {
      throw new BrokenProtocol(
          "a frame of type " + type + " with " + Integer.toUnsignedString(left) + " bytes");
    }
    if (reserved != 0) {
      throw new BrokenProtocol("a frame whose zero bytes are not zero");
    }
    inBody = true;
    if (type == Wire.DATA) {
      sink.dataBegins(request, left);
    } else {
      body = Unpooled.buffer(left, left);
    }
    if (left == 0) {
      end();
    }
  }

  private void end() {
    inBody = false;
    if (type == Wire.DATA) {
      sink.dataEnds(request);
      return;
    }
    ByteBuf whole = body;
    body = Unpooled.EMPTY_BUFFER;
    sink.message(request, MessageReader.read(type, whole));
  }
}
