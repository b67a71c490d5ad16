package io.sendense.repository.remote;

import io.netty.buffer.ByteBuf;

/** The content of a put as it arrives. Confined to the event loop until it is whole. */
final class IncomingPut {
  private final Message.Put message;
  private final StoreCall call;
  private final byte[] content;
  private final PutMemory.Share share;
  private final long deadlineNanos;
  private int received;

  IncomingPut(Message.Put message, StoreCall call, PutMemory.Share share, long deadlineNanos) {
    this.message = message;
    this.call = call;
    this.content = new byte[(int) message.length()];
    this.share = share;
    this.deadlineNanos = deadlineNanos;
  }

  Message.Put message() {
    return message;
  }

  StoreCall call() {
    return call;
  }

  byte[] content() {
    return content;
  }

  PutMemory.Share share() {
    return share;
  }

  boolean late(long nowNanos) {
    return !whole() && nowNanos - deadlineNanos > 0;
  }

  boolean whole() {
    return received == content.length;
  }

  void expect(int bytes) {
    if (bytes > content.length - received) {
      throw new BrokenProtocol("more content than the put announced");
    }
  }

  void take(ByteBuf in, int bytes) {
    in.readBytes(content, received, bytes);
    received += bytes;
  }
}
