package io.sendense.repository.remote;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a server, on the event loop. Other threads use {@link #send}, {@link #cancel},
 * {@link #content}, {@link #next} and {@link #close}.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements FrameReader.Sink {
  private static final int PINGS = 3;

  private final RemoteStoreOptions options;
  private final FrameReader frames = new FrameReader(this, Wire.BODY_BYTES_MAX);
  private final Writability writability = new Writability();
  private final Map<Integer, Pending> pending = new HashMap<>();
  private final AtomicInteger load = new AtomicInteger();
  private final CompletableFuture<Message.Welcome> welcome = new CompletableFuture<>();
  private Semaphore permits = new Semaphore(0);
  private long heardNanos = System.nanoTime();
  private int newest;
  private volatile @Nullable SendenseException over;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> ticks;

  ClientConnection(RemoteStoreOptions options) {
    this.options = options;
  }

  /** What the server said when it let us in; fails with why it did not. */
  CompletableFuture<Message.Welcome> welcome() {
    return welcome;
  }

  boolean alive() {
    return over == null;
  }

  /** Requests that were sent or are about to be. */
  int load() {
    return load.get();
  }

  /** Waits for a place among those in flight, then sends. */
  void send(Message message, Pending request, Duration atMost) throws InterruptedException {
    load.incrementAndGet();
    if (!permits.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      load.decrementAndGet();
      throw Failures.tooSlow(options.describe(), options.request());
    }
    ctx()
        .executor()
        .execute(
            () -> {
              SendenseException ended = over;
              if (ended != null) {
                load.decrementAndGet();
                request.fail(Failures.again(ended));
                return;
              }
              request.id = ++newest;
              pending.put(request.id, request);
              Outbound.send(ctx(), MessageWriter.frame(ctx().alloc(), request.id, message));
            });
  }

  void cancel(Pending request) {
    tell(request, Wire.CANCEL);
  }

  void next(Pending request) {
    tell(request, Wire.NEXT);
  }

  /** Sends one part of a put's content; waits until the connection takes it. */
  void content(Pending request, byte[] content, int offset, int length, Duration atMost)
      throws InterruptedException {
    if (!writability.await(ctx().channel(), atMost) && ctx().channel().isActive()) {
      throw Failures.tooSlow(options.describe(), options.request());
    }
    Outbound.send(ctx(), MessageWriter.data(ctx().alloc(), request.id, content, offset, length));
  }

  void close() {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      ctx.executor().execute(() -> end(Failures.closed(options.describe())));
    }
  }

  /** The server does not keep to the protocol. */
  SendenseException broken(String what) {
    SendenseException why = Failures.broken(options.describe(), what);
    ctx().executor().execute(() -> end(why));
    return why;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    long every = Math.max(50, options.silence().toMillis() / (2 * PINGS));
    ticks = ctx.executor().scheduleAtFixedRate(this::tick, every, every, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Message hello = new Message.Hello(Wire.VERSION, Wire.VERSION, options.repository());
    Outbound.send(ctx, MessageWriter.frame(ctx.alloc(), 0, hello));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      heardNanos = System.nanoTime();
      if (over == null) {
        frames.read(in);
      }
    } catch (BrokenProtocol e) {
      end(Failures.broken(options.describe(), String.valueOf(e.getMessage())));
    } finally {
      in.release();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    writability.changed();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end(Failures.lost(options.describe(), "the connection ended", null));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    end(
        welcome.isDone()
            ? Failures.lost(options.describe(), "the connection was lost", cause)
            : Failures.notLetIn(options.describe(), cause));
  }

  @Override
  public void message(int request, Message message) {
    if (over != null) {
      return;
    }
    if (request == 0) {
      ofTheConnection(message);
      return;
    }
    Pending known = known(request);
    if (known.take(message)) {
      finished(request);
    }
  }

  @Override
  public void dataBegins(int request, int length) {
    known(request).expect(length);
  }

  @Override
  public void data(int request, ByteBuf in, int length) {
    known(request).data(in, length);
  }

  @Override
  public void dataEnds(int request) {
    if (known(request).dataEnds()) {
      finished(request);
    }
  }

  private void ofTheConnection(Message message) {
    switch (message) {
      case Message.Welcome hello when !welcome.isDone() -> {
        if (hello.version() != Wire.VERSION || hello.inFlight() < 1) {
          throw new BrokenProtocol("it welcomed us to version " + hello.version());
        }
        permits = new Semaphore(hello.inFlight());
        welcome.complete(hello);
      }
      case Message.Failed failed -> end(Failures.from(options.describe(), failed));
      case Message.Bare(int type) when type == Wire.PONG && welcome.isDone() ->
          heardNanos = System.nanoTime();
      default -> throw new BrokenProtocol("a message out of place");
    }
  }

  private Pending known(int request) {
    Pending known = pending.get(request);
    if (known == null) {
      throw new BrokenProtocol("an answer to no request");
    }
    return known;
  }

  private void finished(int request) {
    pending.remove(request);
    load.decrementAndGet();
    permits.release();
  }

  private void tell(Pending request, int type) {
    ctx()
        .executor()
        .execute(
            () -> {
              if (over == null && pending.get(request.id) == request) {
                Outbound.send(
                    ctx(), MessageWriter.frame(ctx().alloc(), request.id, new Message.Bare(type)));
              }
            });
  }

  private void tick() {
    long silent = System.nanoTime() - heardNanos;
    if (silent > options.silence().toNanos()) {
      end(
          Failures.lost(
              options.describe(),
              "nothing was heard for " + options.silence().toSeconds() + " s",
              null));
    } else if (silent > options.silence().toNanos() / PINGS && welcome.isDone()) {
      Outbound.send(ctx(), MessageWriter.frame(ctx().alloc(), 0, new Message.Bare(Wire.PING)));
    }
  }

  /** On the loop. The first reason stands. */
  private void end(SendenseException why) {
    if (over != null) {
      return;
    }
    over = why;
    Future<?> running = ticks;
    if (running != null) {
      running.cancel(false);
    }
    welcome.completeExceptionally(why);
    pending.values().forEach(request -> request.fail(Failures.again(why)));
    load.addAndGet(-pending.size());
    pending.clear();
    // Whoever waits for a place in flight gets one, and then hears that it is over.
    permits.release(Short.MAX_VALUE);
    writability.changed();
    Outbound.close(ctx());
  }

  private ChannelHandlerContext ctx() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return ctx;
  }
}
