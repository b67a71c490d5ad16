package io.sendense.nbd;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The server's half of the fixed newstyle handshake, on the event loop. It ends by handing over to
 * {@link ServerTransmission} or by closing, at the latest at its deadline.
 */
final class ServerHandshake extends ByteToMessageDecoder {
  // The longest option anyone needs: an export name and a few context queries.
  static final int MAX_OPTION_BYTES = 64 << 10;
  static final int CONTEXT_ID = 1;
  private static final int PADDING_BYTES = 124;

  private final ServerContext context;
  private @Nullable Future<?> deadline;
  private boolean flagsSeen;
  private boolean noZeroes;
  private boolean secured;
  private boolean structured;
  // The export whose block status was asked for, once it was.
  private @Nullable String contextExport;
  private boolean over;

  ServerHandshake(ServerContext context) {
    this.context = context;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      greet(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    greet(ctx);
    ctx.fireChannelActive();
  }

  private void greet(ChannelHandlerContext ctx) {
    if (deadline != null) {
      return;
    }
    deadline =
        ctx.executor()
            .schedule(
                () -> {
                  over = true;
                  Outbound.close(ctx);
                },
                context.options().handshakeDeadline().toMillis(),
                TimeUnit.MILLISECONDS);
    ByteBuf greeting = ctx.alloc().buffer(18);
    greeting.writeLong(Nbd.INIT_MAGIC).writeLong(Nbd.OPTION_MAGIC);
    greeting.writeShort(Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES);
    Outbound.send(ctx, greeting);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A broken connection, a refused certificate or a broken frame: nothing to answer to.
    over = true;
    Outbound.close(ctx);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (over) {
      in.skipBytes(in.readableBytes());
    } else if (!flagsSeen) {
      clientFlags(ctx, in);
    } else {
      option(ctx, in);
    }
  }

  private void clientFlags(ChannelHandlerContext ctx, ByteBuf in) {
    if (in.readableBytes() < 4) {
      return;
    }
    int flags = in.readInt();
    flagsSeen = true;
    noZeroes = (flags & Nbd.NO_ZEROES) != 0;
    if ((flags & Nbd.FIXED_NEWSTYLE) == 0 || (flags & ~(Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES)) != 0) {
      end(ctx);
    }
  }

  private void option(ChannelHandlerContext ctx, ByteBuf in) {
    if (in.readableBytes() < 16) {
      return;
    }
    int start = in.readerIndex();
    long length = in.getUnsignedInt(start + 12);
    if (in.getLong(start) != Nbd.OPTION_MAGIC || length > MAX_OPTION_BYTES) {
      end(ctx);
      return;
    }
    if (in.readableBytes() < 16 + length) {
      return;
    }
    int option = in.getInt(start + 8);
    in.skipBytes(16);
    ByteBuf data = in.readSlice((int) length);
    if (option == Nbd.OPT_STARTTLS && in.isReadable()) {
      // What came in the clear after the wish for TLS must never be taken for what came inside.
      end(ctx);
      return;
    }
    handle(ctx, option, data);
  }

  private void handle(ChannelHandlerContext ctx, int option, ByteBuf data) {
    boolean mayNot = context.tls().required() && !secured;
    if (option == Nbd.OPT_ABORT) {
      reply(ctx, option, Nbd.REP_ACK);
      end(ctx);
    } else if (option == Nbd.OPT_STARTTLS) {
      startTls(ctx, data);
    } else if (mayNot && option == Nbd.OPT_EXPORT_NAME) {
      end(ctx);
    } else if (mayNot) {
      reply(ctx, option, Nbd.REP_ERR_TLS_REQD);
    } else {
      switch (option) {
        case Nbd.OPT_EXPORT_NAME -> exportName(ctx, data);
        case Nbd.OPT_LIST -> list(ctx, data);
        case Nbd.OPT_INFO, Nbd.OPT_GO -> info(ctx, option, data);
        case Nbd.OPT_STRUCTURED_REPLY -> structuredReply(ctx, data);
        case Nbd.OPT_LIST_META_CONTEXT, Nbd.OPT_SET_META_CONTEXT -> contexts(ctx, option, data);
        default -> reply(ctx, option, Nbd.REP_ERR_UNSUP);
      }
    }
  }

  private void startTls(ChannelHandlerContext ctx, ByteBuf data) {
    if (!context.tls().required()) {
      reply(ctx, Nbd.OPT_STARTTLS, Nbd.REP_ERR_POLICY);
    } else if (secured || data.isReadable()) {
      reply(ctx, Nbd.OPT_STARTTLS, Nbd.REP_ERR_INVALID);
    } else {
      reply(ctx, Nbd.OPT_STARTTLS, Nbd.REP_ACK);
      secured = true;
      structured = false;
      contextExport = null;
      context.tls().handler(ctx.alloc()).ifPresent(tls -> ctx.pipeline().addFirst(tls));
    }
  }

  private void exportName(ChannelHandlerContext ctx, ByteBuf data) {
    String name = data.toString(StandardCharsets.UTF_8);
    Optional<ExportSource> export = context.find(name);
    if (export.isEmpty()) {
      end(ctx);
      return;
    }
    ByteBuf answer = ctx.alloc().buffer();
    answer.writeLong(export.get().sizeBytes()).writeShort(ServerTransmission.FLAGS);
    if (!noZeroes) {
      answer.writeZero(PADDING_BYTES);
    }
    Outbound.send(ctx, answer);
    transmit(ctx, name, export.get());
  }

  private void list(ChannelHandlerContext ctx, ByteBuf data) {
    if (data.isReadable()) {
      reply(ctx, Nbd.OPT_LIST, Nbd.REP_ERR_INVALID);
      return;
    }
    for (String name : context.exports().keySet().stream().sorted().toList()) {
      ByteBuf bytes = ctx.alloc().buffer();
      int length = bytes.writeInt(0).writeCharSequence(name, StandardCharsets.UTF_8);
      bytes.setInt(0, length);
      Outbound.reply(ctx, Nbd.OPT_LIST, Nbd.REP_SERVER, bytes);
    }
    reply(ctx, Nbd.OPT_LIST, Nbd.REP_ACK);
  }

  private void structuredReply(ChannelHandlerContext ctx, ByteBuf data) {
    if (data.isReadable()) {
      reply(ctx, Nbd.OPT_STRUCTURED_REPLY, Nbd.REP_ERR_INVALID);
    } else {
      structured = true;
      reply(ctx, Nbd.OPT_STRUCTURED_REPLY, Nbd.REP_ACK);
    }
  }

  private void info(ChannelHandlerContext ctx, int option, ByteBuf data) {
    Optional<String> name = string(data);
    boolean wellFormed =
        name.isPresent()
            && data.readableBytes() >= 2
            && data.getUnsignedShort(data.readerIndex()) * 2 == data.readableBytes() - 2;
    if (!wellFormed) {
      reply(ctx, option, Nbd.REP_ERR_INVALID);
      return;
    }
    Optional<ExportSource> export = context.find(name.orElseThrow());
    if (export.isEmpty()) {
      reply(ctx, option, Nbd.REP_ERR_UNKNOWN);
      return;
    }
    ByteBuf size = ctx.alloc().buffer(12).writeShort(Nbd.INFO_EXPORT);
    size.writeLong(export.get().sizeBytes()).writeShort(ServerTransmission.FLAGS);
    Outbound.reply(ctx, option, Nbd.REP_INFO, size);
    ByteBuf blocks = ctx.alloc().buffer(14).writeShort(Nbd.INFO_BLOCK_SIZE);
    blocks.writeInt(1);
    blocks.writeInt(NbdServerOptions.preferredBlockBytes(export.get().preferredBytes()));
    blocks.writeInt(NbdServerOptions.MAX_REQUEST_BYTES);
    Outbound.reply(ctx, option, Nbd.REP_INFO, blocks);
    reply(ctx, option, Nbd.REP_ACK);
    if (option == Nbd.OPT_GO) {
      transmit(ctx, name.orElseThrow(), export.get());
    }
  }

  private void contexts(ChannelHandlerContext ctx, int option, ByteBuf data) {
    boolean set = option == Nbd.OPT_SET_META_CONTEXT;
    Optional<String> name = string(data);
    if (!structured || name.isEmpty() || data.readableBytes() < 4) {
      reply(ctx, option, Nbd.REP_ERR_INVALID);
      return;
    }
    long queries = data.readUnsignedInt();
    boolean wanted = !set && queries == 0;
    for (long i = 0; i < queries; i++) {
      Optional<String> query = string(data);
      if (query.isEmpty()) {
        reply(ctx, option, Nbd.REP_ERR_INVALID);
        return;
      }
      wanted |= query.get().equals(Nbd.BASE_ALLOCATION) || (!set && query.get().equals("base:"));
    }
    if (data.isReadable()) {
      reply(ctx, option, Nbd.REP_ERR_INVALID);
      return;
    }
    if (context.find(name.get()).isEmpty()) {
      reply(ctx, option, Nbd.REP_ERR_UNKNOWN);
      return;
    }
    if (set) {
      contextExport = wanted ? name.get() : null;
    }
    if (wanted) {
      ByteBuf found = ctx.alloc().buffer().writeInt(set ? CONTEXT_ID : 0);
      found.writeCharSequence(Nbd.BASE_ALLOCATION, StandardCharsets.UTF_8);
      Outbound.reply(ctx, option, Nbd.REP_META_CONTEXT, found);
    }
    reply(ctx, option, Nbd.REP_ACK);
  }

  private void transmit(ChannelHandlerContext ctx, String name, ExportSource export) {
    over = true;
    boolean status = structured && name.equals(contextExport);
    ctx.pipeline().addLast(new ServerTransmission(context, export, structured, status));
    ctx.pipeline().remove(this);
  }

  private void end(ChannelHandlerContext ctx) {
    over = true;
    Outbound.closeAfter(ctx, ctx.alloc().buffer(0));
  }

  /** A length-prefixed string; empty where the data is too short or the string too long. */
  private static Optional<String> string(ByteBuf data) {
    if (data.readableBytes() < 4) {
      return Optional.empty();
    }
    long length = data.readUnsignedInt();
    if (length > NbdUri.MAX_STRING_BYTES || length > data.readableBytes()) {
      return Optional.empty();
    }
    return Optional.of(data.readCharSequence((int) length, StandardCharsets.UTF_8).toString());
  }

  private static void reply(ChannelHandlerContext ctx, int option, int type) {
    Outbound.reply(ctx, option, type, ctx.alloc().buffer(0));
  }
}
