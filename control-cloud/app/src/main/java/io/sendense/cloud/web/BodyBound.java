package io.sendense.cloud.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import reactor.netty.NettyPipeline;

/**
 * Ends a connection whose request goes on far beyond what any operation takes. What is still to
 * come of a request after its answer is read and dropped, so that the connection can serve the next
 * one and no reset overtakes the answer; this is the bound on that.
 */
public final class BodyBound extends ChannelInboundHandlerAdapter {
  private final long most;
  private long taken;

  private BodyBound(long most) {
    this.most = most;
  }

  /**
   * Bounds every request of a connection.
   *
   * @param most bytes of one request's body, above the limit that answers 413
   */
  public static void install(Channel connection, long most) {
    connection
        .pipeline()
        .addBefore(NettyPipeline.HttpTrafficHandler, "sendense.body-bound", new BodyBound(most));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest) {
      taken = 0;
    }
    if (message instanceof HttpContent content) {
      taken += content.content().readableBytes();
    }
    if (taken > most) {
      ReferenceCountUtil.release(message);
      var unused = context.close();
      return;
    }
    context.fireChannelRead(message);
  }
}
