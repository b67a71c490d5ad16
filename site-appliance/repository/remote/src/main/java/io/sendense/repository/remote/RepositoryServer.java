package io.sendense.repository.remote;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectHash;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Serves object stores to other appliances. Every client shows a certificate, and sees only what a
 * grant names. Stores are called on threads of the server's own.
 */
public final class RepositoryServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RepositoryServer.class.getName());
  private static final long CLOSE_SECONDS = 10;

  private final ServerState state;
  private final SslContext tls;
  private final EventLoopGroup loops = Transport.loops("repository-server-io-");
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;
  private final AtomicBoolean closed = new AtomicBoolean();

  private RepositoryServer(
      RepositoryServerOptions options,
      SslContext tls,
      List<Grant> grants,
      Supplier<ObjectHash> newHash) {
    this.tls = tls;
    this.state = new ServerState(options, grants, newHash);
    boolean bound = false;
    try {
      this.listener = bind(options);
      bound = true;
    } finally {
      if (!bound) {
        stopThreads();
      }
    }
  }

  /**
   * Starts to serve. Returns when clients can connect. The stores stay the caller's, to be closed
   * after the server.
   *
   * @param newHash for the checksum of what a store keeps that has none of its own; called by any
   *     thread
   * @throws SendenseException PORT_TAKEN where someone else listens there, BAD_ARGUMENT, NOT_FOUND
   *     or FORBIDDEN where the address or the TLS files cannot be used. Nothing is left behind then
   */
  public static RepositoryServer start(
      RepositoryServerOptions options,
      TlsIdentity identity,
      List<Grant> grants,
      Supplier<ObjectHash> newHash) {
    return new RepositoryServer(
        options, identity.forServer(TlsIdentity.nativeTls()), grants, newHash);
  }

  static RepositoryServer start(
      RepositoryServerOptions options,
      TlsIdentity identity,
      List<Grant> grants,
      boolean nativeTls) {
    return new RepositoryServer(options, identity.forServer(nativeTls), grants, JdkHash::new);
  }

  /** Where it listens, with the port that was really taken. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Stops listening and closes all clients. May be called twice. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    listener.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    clients.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    stopThreads();
  }

  private Channel bind(RepositoryServerOptions options) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(Transport.server())
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Transport.WATER_MARK)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    accept(client, options);
                  }
                })
            .bind(options.address())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      boolean taken = bound.cause() instanceof java.net.BindException;
      throw new SendenseException(
          taken ? ErrorCode.PORT_TAKEN : ErrorCode.BAD_ARGUMENT,
          "cannot listen on " + options.address() + ": " + bound.cause().getMessage(),
          "Choose another address, or end what uses this one.",
          bound.cause());
    }
    return bound.channel();
  }

  private void accept(Channel client, RepositoryServerOptions options) {
    if (clients.size() >= options.connections() || closed.get()) {
      Outbound.close(client);
      return;
    }
    clients.add(client);
    SslHandler handler = tls.newHandler(client.alloc());
    handler.setHandshakeTimeoutMillis(options.hello().toMillis());
    client.pipeline().addLast(handler, new ServerConnection(state));
  }

  private void stopThreads() {
    if (!state.stop(CLOSE_SECONDS)) {
      LOG.log(System.Logger.Level.WARNING, "a request did not end with the repository server");
    }
    loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
