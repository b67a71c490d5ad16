package io.sendense.nbd.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The least that reads a whole export over Netty's epoll transport into buffers of the caller, as
 * something to compare the client with. It trusts the server.
 */
final class NettyReader {
  private static final int RECEIVE_BYTES = 256 << 10;

  private NettyReader() {}

  /** Reads {@code size} bytes with so many connections and requests in flight on each. */
  static void readAll(Path socket, long size, int connections, int inFlight, int requestBytes)
      throws InterruptedException {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(connections, EpollIoHandler.newFactory());
    CountDownLatch done = new CountDownLatch(connections);
    try {
      for (int i = 0; i < connections; i++) {
        long from = size / connections * i;
        long to = i == connections - 1 ? size : size / connections * (i + 1);
        Channel channel =
            new Bootstrap()
                .group(group)
                .channel(EpollDomainSocketChannel.class)
                .option(
                    ChannelOption.RECVBUF_ALLOCATOR,
                    new AdaptiveRecvByteBufAllocator(4096, RECEIVE_BYTES, RECEIVE_BYTES))
                .handler(new Reader(from, to, inFlight, requestBytes, done))
                .connect(new DomainSocketAddress(socket.toFile()))
                .sync()
                .channel();
        if (!channel.isOpen()) {
          throw new IllegalStateException("not connected");
        }
      }
      if (!done.await(5, TimeUnit.MINUTES)) {
        throw new IllegalStateException("not done in time");
      }
    } finally {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private static final class Reader extends ChannelInboundHandlerAdapter {
    // Greeting, the export's size and flags after its name, without padding.
    private static final int HANDSHAKE_BYTES = 18 + 10;

    private final long end;
    private final int requestBytes;
    private final CountDownLatch done;
    private final ByteBuffer[] targets;
    private final ByteBuffer header = ByteBuffer.allocate(16);
    private long next;
    private int handshake;
    private int slot = -1;
    private int open;

    Reader(long from, long to, int inFlight, int requestBytes, CountDownLatch done) {
      this.next = from;
      this.end = to;
      this.requestBytes = requestBytes;
      this.done = done;
      this.targets = new ByteBuffer[inFlight];
      for (int i = 0; i < inFlight; i++) {
        targets[i] = ByteBuffer.allocateDirect(requestBytes);
      }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ByteBuf hello = ctx.alloc().buffer();
      hello.writeInt(3).writeLong(0x49484156454F5054L).writeInt(1).writeInt(0);
      ctx.writeAndFlush(hello, ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf in = (ByteBuf) message;
      try {
        if (handshake < HANDSHAKE_BYTES) {
          int now = Math.min(HANDSHAKE_BYTES - handshake, in.readableBytes());
          handshake += now;
          in.skipBytes(now);
          if (handshake == HANDSHAKE_BYTES) {
            for (int i = 0; i < targets.length; i++) {
              ask(ctx, i);
            }
            ctx.flush();
          }
        }
        while (in.isReadable()) {
          consume(ctx, in);
        }
        ctx.flush();
      } finally {
        in.release();
      }
    }

    private void consume(ChannelHandlerContext ctx, ByteBuf in) {
      if (slot < 0) {
        header.limit(Math.min(16, header.position() + in.readableBytes()));
        in.readBytes(header);
        if (header.position() == 16) {
          slot = (int) header.getLong(8);
          header.clear();
        }
        return;
      }
      ByteBuffer target = targets[slot];
      int limit = target.limit();
      target.limit(Math.min(limit, target.position() + in.readableBytes()));
      in.readBytes(target);
      target.limit(limit);
      if (!target.hasRemaining()) {
        int finished = slot;
        slot = -1;
        open--;
        ask(ctx, finished);
        if (open == 0) {
          done.countDown();
        }
      }
    }

    private void ask(ChannelHandlerContext ctx, int which) {
      if (next >= end) {
        return;
      }
      int bytes = (int) Math.min(requestBytes, end - next);
      targets[which].clear().limit(bytes);
      ByteBuf request = ctx.alloc().buffer(28);
      request.writeInt(0x25609513).writeInt(0).writeLong(which).writeLong(next).writeInt(bytes);
      ctx.write(request, ctx.voidPromise());
      next += bytes;
      open++;
    }
  }
}
