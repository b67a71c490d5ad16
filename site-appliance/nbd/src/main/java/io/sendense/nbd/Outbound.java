package io.sendense.nbd;

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

  /** Replies to a handshake option; takes over the data. */
  static void reply(ChannelOutboundInvoker to, int option, int type, ByteBuf data) {
    ByteBuf header = data.alloc().buffer(20);
    header.writeLong(Nbd.OPTION_REPLY_MAGIC).writeInt(option).writeInt(type);
    to.write(header.writeInt(data.readableBytes()));
    to.writeAndFlush(data);
  }

  static void close(ChannelOutboundInvoker to) {
    to.close();
  }

  /** Closes when everything written before has gone out, or could not. */
  static void closeAfter(ChannelOutboundInvoker to, ByteBuf last) {
    to.writeAndFlush(last).addListener(ChannelFutureListener.CLOSE);
  }
}
