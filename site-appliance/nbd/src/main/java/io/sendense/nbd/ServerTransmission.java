package io.sendense.nbd;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Requests of one connection: decoded on the event loop, answered on the read threads, their
 * replies counted until the socket has taken them. Over its bounds it stops reading the socket, so
 * a client that asks without listening fills its own buffers, not ours.
 */
final class ServerTransmission extends ByteToMessageDecoder {
  static final int FLAGS =
      Nbd.FLAG_HAS_FLAGS | Nbd.FLAG_READ_ONLY | Nbd.FLAG_SEND_DF | Nbd.FLAG_CAN_MULTI_CONN;

  private final ServerContext context;
  private final ServerReplies replies;
  private int inFlight;
  private long inFlightBytes;
  private long payloadToSkip;
  private boolean over;

  ServerTransmission(
      ServerContext context, ExportSource export, boolean structured, boolean blockStatus) {
    this.context = context;
    this.replies = new ServerReplies(export, structured, blockStatus);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    over = true;
    Outbound.close(ctx);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (over) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (payloadToSkip > 0) {
      int now = (int) Math.min(payloadToSkip, in.readableBytes());
      in.skipBytes(now);
      payloadToSkip -= now;
      return;
    }
    if (full()) {
      ctx.channel().config().setAutoRead(false);
      return;
    }
    if (in.readableBytes() < Nbd.REQUEST_BYTES) {
      return;
    }
    if (in.readInt() != Nbd.REQUEST_MAGIC) {
      over = true;
      Outbound.close(ctx);
      return;
    }
    int flags = in.readUnsignedShort();
    int type = in.readUnsignedShort();
    request(
        ctx, new ServerRequest(type, flags, in.readLong(), in.readLong(), in.readUnsignedInt()));
  }

  private void request(ChannelHandlerContext ctx, ServerRequest request) {
    if (request.type() == Nbd.CMD_DISC) {
      over = true;
      closeWhenIdle(ctx);
      return;
    }
    if (request.type() == Nbd.CMD_WRITE) {
      if (request.length() > NbdServerOptions.MAX_REQUEST_BYTES) {
        over = true;
        Outbound.close(ctx);
        return;
      }
      payloadToSkip = request.length();
    }
    long bytes = request.replyBytes();
    inFlight++;
    inFlightBytes += bytes;
    context.readers().execute(() -> answer(ctx, request, bytes));
  }

  /** On a read thread. */
  private void answer(ChannelHandlerContext ctx, ServerRequest request, long bytes) {
    if (!ctx.channel().isActive()) {
      return;
    }
    ByteBuf reply = replies.answer(request, context.memory());
    // Held once more than the write holds it, so that it outlives the write and is used again.
    ctx.writeAndFlush(reply.retain())
        .addListener(
            written -> {
              context.memory().giveBack(reply);
              answered(ctx, bytes);
            });
  }

  private void answered(ChannelHandlerContext ctx, long bytes) {
    inFlight--;
    inFlightBytes -= bytes;
    if (over) {
      closeWhenIdle(ctx);
    } else if (!ctx.channel().config().isAutoRead() && !full() && !ctx.isRemoved()) {
      ctx.channel().config().setAutoRead(true);
      try {
        // Requests that were left undecoded.
        channelRead(ctx, ctx.alloc().buffer(0));
      } catch (Exception e) {
        exceptionCaught(ctx, e);
      }
    }
  }

  private void closeWhenIdle(ChannelHandlerContext ctx) {
    if (inFlight == 0) {
      Outbound.close(ctx);
    }
  }

  private boolean full() {
    return inFlight >= context.options().inFlight()
        || inFlightBytes >= context.options().inFlightBytes();
  }
}
