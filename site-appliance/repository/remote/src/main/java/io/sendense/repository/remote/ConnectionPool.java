package io.sendense.repository.remote;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A bounded number of connections, opened when they are needed and again when they were lost. */
final class ConnectionPool implements AutoCloseable {
  private static final long CLOSE_SECONDS = 10;

  private final RemoteStoreOptions options;
  private final SslContext tls;
  private final EventLoopGroup loops = Transport.loops("remote-store-io-");
  private final List<Slot> slots = new ArrayList<>();
  private volatile boolean closed;

  ConnectionPool(RemoteStoreOptions options, SslContext tls) {
    this.options = options;
    this.tls = tls;
    for (int i = 0; i < options.connections(); i++) {
      slots.add(new Slot());
    }
  }

  /** The connection with the least to do. */
  ClientConnection take() throws InterruptedException {
    Slot slot = slots.stream().min(Comparator.comparingInt(Slot::load)).orElseThrow();
    return slot.connection();
  }

  @Override
  public void close() {
    closed = true;
    slots.forEach(Slot::close);
    loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private ClientConnection connect() throws InterruptedException {
    if (closed) {
      throw Failures.closed(options.describe());
    }
    ClientConnection connection = new ClientConnection(options);
    ChannelFuture connecting =
        new Bootstrap()
            .group(loops)
            .channel(Transport.client())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Transport.WATER_MARK)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) options.connect().toMillis())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    SslHandler handler =
                        tls.newHandler(channel.alloc(), options.host(), options.port());
                    handler.setHandshakeTimeoutMillis(options.connect().toMillis());
                    channel.pipeline().addLast(handler, connection);
                  }
                })
            .connect(options.host(), options.port());
    long end = System.nanoTime() + options.connect().toNanos();
    if (!connecting.await(options.connect().toNanos(), TimeUnit.NANOSECONDS)
        || !connecting.isSuccess()) {
      Outbound.close(connecting.channel());
      throw Failures.lost(options.describe(), "connecting", connecting.cause());
    }
    try {
      connection.welcome().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      return connection;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SendenseException known
          ? Failures.again(known)
          : new IllegalStateException(e);
    } catch (TimeoutException e) {
      connection.close();
      throw Failures.tooSlow(options.describe(), options.connect());
    } catch (InterruptedException e) {
      connection.close();
      throw e;
    }
  }

  /** A place for one connection. */
  private final class Slot {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable ClientConnection current;

    /** What a lost or missing connection costs is less than waiting behind another request. */
    int load() {
      ClientConnection connection = current;
      return connection != null && connection.alive() ? 2 * connection.load() : 1;
    }

    ClientConnection connection() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        ClientConnection connection = current;
        if (connection == null || !connection.alive()) {
          connection = connect();
          current = connection;
        }
        return connection;
      } finally {
        lock.unlock();
      }
    }

    void close() {
      lock.lock();
      try {
        ClientConnection connection = current;
        if (connection != null) {
          connection.close();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
