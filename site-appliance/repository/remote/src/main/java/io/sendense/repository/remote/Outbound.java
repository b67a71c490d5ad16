package io.sendense.repository.remote;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundInvoker;

/**
 * Writes whose outcome nobody waits for: where one fails, Netty has released the buffer and the
 * connection is over, which the handlers learn by its end.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Outbound {
  private Outbound() {}

  static void send(ChannelOutboundInvoker to, ByteBuf bytes) {
    to.writeAndFlush(bytes);
  }

  static void close(ChannelOutboundInvoker to) {
    to.close();
  }

  /** Closes when everything written before has gone out, or could not. */
  static void closeAfter(ChannelOutboundInvoker to, ByteBuf last) {
    to.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
  }
}
