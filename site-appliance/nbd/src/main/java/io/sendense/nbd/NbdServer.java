package io.sendense.nbd;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A read-only NBD server. Reads of its exports run on threads of its own, never on the event loop.
 * It announces that several connections see the same data, which holds because nothing changes.
 */
public final class NbdServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(NbdServer.class.getName());
  private static final int EVENT_LOOPS = 2;
  private static final long CLOSE_SECONDS = 10;

  private final NbdServerOptions options;
  private final EventLoopGroup loops;
  private final ThreadPoolExecutor readers;
  private final ReplyMemory memory = new ReplyMemory();
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;
  private final AtomicBoolean closed = new AtomicBoolean();

  private NbdServer(
      NbdServerOptions options, Map<String, ExportSource> exports, TlsLibrary library) {
    this.options = options;
    ServerTls tls = ServerTls.of(options.certificates(), library);
    // Every connection's requests are bounded, so this queue never refuses one.
    int queue = Math.multiplyExact(options.connections(), options.inFlight());
    this.readers =
        new ThreadPoolExecutor(
            options.readThreads(),
            options.readThreads(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            Thread.ofPlatform().daemon().name("nbd-server-read-", 0).factory());
    this.loops =
        new MultiThreadIoEventLoopGroup(
            EVENT_LOOPS,
            Thread.ofPlatform().daemon().name("nbd-server-io-", 0).factory(),
            ioHandler());
    ServerContext context = new ServerContext(options, Map.copyOf(exports), tls, readers, memory);
    boolean bound = false;
    try {
      this.listener = bind(context);
      bound = true;
    } finally {
      if (!bound) {
        stopThreads();
      }
    }
  }

  /**
   * Starts to serve. Returns when clients can connect.
   *
   * @param exports by name; the empty name is what a client gets that names none
   * @throws SendenseException PORT_TAKEN where someone else listens there, ALREADY_EXISTS where the
   *     socket's path is something other than an abandoned socket, BAD_ARGUMENT where the TLS files
   *     or the path cannot be used. Nothing is left behind then
   */
  public static NbdServer start(NbdServerOptions options, Map<String, ExportSource> exports) {
    return start(options, exports, TlsLibrary.best());
  }

  static NbdServer start(
      NbdServerOptions options, Map<String, ExportSource> exports, TlsLibrary library) {
    return new NbdServer(options, exports, library);
  }

  /** Where a client finds an export, with the port that was really taken. */
  public NbdUri uri(String export) {
    NbdUri plain =
        switch (options.address()) {
          case UnixDomainSocketAddress unix -> NbdUri.unix(unix.getPath(), export);
          default -> {
            InetSocketAddress bound = (InetSocketAddress) listener.localAddress();
            yield NbdUri.tcp(bound.getHostString(), bound.getPort(), export);
          }
        };
    return new NbdUri(
        plain.host(),
        plain.port(),
        plain.socket(),
        export,
        options.certificates().isPresent(),
        plain.certificates(),
        plain.metaContext());
  }

  /** Stops listening, closes all clients and removes the socket. May be called twice. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    listener.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    clients.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    stopThreads();
    if (options.address() instanceof UnixDomainSocketAddress unix) {
      removeSocket(unix.getPath());
    }
  }

  private Channel bind(ServerContext context) {
    SocketAddress address = options.address();
    if (address instanceof UnixDomainSocketAddress unix) {
      clearAbandonedSocket(unix);
    }
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(channelType(address))
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    accept(client, context);
                  }
                });
    var bound = bootstrap.bind(nettyAddress(address)).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      boolean taken = bound.cause() instanceof java.net.BindException;
      throw new SendenseException(
          taken ? ErrorCode.PORT_TAKEN : ErrorCode.BAD_ARGUMENT,
          "Cannot listen on " + address + ": " + bound.cause().getMessage() + ".",
          "Choose another address, or end what uses this one.",
          bound.cause());
    }
    if (address instanceof UnixDomainSocketAddress unix) {
      restrict(unix.getPath());
    }
    return bound.channel();
  }

  private void accept(Channel client, ServerContext context) {
    if (clients.size() >= options.connections()) {
      Outbound.close(client);
      return;
    }
    clients.add(client);
    client.pipeline().addLast(new ServerHandshake(context));
  }

  private void stopThreads() {
    // Never interrupted: an interrupt in the middle of a read would close the source's own files.
    readers.getQueue().clear();
    readers.shutdown();
    try {
      if (!readers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(System.Logger.Level.WARNING, "a read of an NBD export did not end with its server");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    memory.close();
  }

  private static IoHandlerFactory ioHandler() {
    return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  private static Class<? extends ServerChannel> channelType(SocketAddress address) {
    boolean unix = address instanceof UnixDomainSocketAddress;
    if (Epoll.isAvailable()) {
      return unix ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class;
    }
    return unix ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class;
  }

  private static SocketAddress nettyAddress(SocketAddress address) {
    return Epoll.isAvailable() && address instanceof UnixDomainSocketAddress unix
        ? new DomainSocketAddress(unix.getPath().toFile())
        : address;
  }

  /** A socket file that nobody listens on any more is what a crash leaves; it is removed. */
  private static void clearAbandonedSocket(UnixDomainSocketAddress address) {
    Path path = address.getPath();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!isSocket(path)) {
      throw new SendenseException(
          ErrorCode.ALREADY_EXISTS,
          path + " is there already and is not a socket.",
          "Choose another path for the socket.");
    }
    try (SocketChannel probe = SocketChannel.open(address)) {
      throw new SendenseException(
          ErrorCode.PORT_TAKEN,
          "Something serves on " + path + " already" + (probe.isConnected() ? "." : ""),
          "Choose another path for the socket, or end what uses this one.");
    } catch (IOException nobodyListens) {
      removeSocket(path);
    }
  }

  private static boolean isSocket(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isOther();
    } catch (IOException e) {
      return false;
    }
  }

  private static void restrict(Path socket) {
    try {
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "Cannot restrict the socket " + socket + " to its owner.",
          "Put it into a folder of a local file system.",
          e);
    }
  }

  private static void removeSocket(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "could not remove the socket " + path, e);
    }
  }
}
