package io.sendense.repository.remote;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * One client on the event loop: reads frames, keeps the bounds and deadlines, hands requests to the
 * workers. Confined to the loop but for {@link #send}, {@link #end}, {@link #data}, {@link #ended},
 * {@link #awaitWritable} and {@link #drop}.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter implements FrameReader.Sink {
  private static final System.Logger LOG = System.getLogger(ServerConnection.class.getName());
  private static final long TICK_MILLIS = 500;

  private final ServerState server;
  private final FrameReader frames = new FrameReader(this, Wire.HELLO_BYTES_MAX);
  private final Writability writability = new Writability();
  private final Map<Integer, ServerRequest> requests = new HashMap<>();
  private final ServerPuts puts;
  private final long openedNanos = System.nanoTime();
  private long heardNanos = openedNanos;
  private long frameNanos = openedNanos;
  private int newest;
  private boolean over;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Session session;
  private @Nullable PeerIdentity peer;
  private @Nullable Future<?> ticks;

  ServerConnection(ServerState server) {
    this.server = server;
    this.puts = new ServerPuts(server, this, requests);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    ticks =
        ctx.executor()
            .scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      heardNanos = System.nanoTime();
      if (!over) {
        boolean before = frames.midFrame();
        frames.read(in);
        if (!before || !frames.midFrame()) {
          frameNanos = heardNanos;
        }
      }
    } catch (BrokenProtocol e) {
      refuse(ErrorCode.BAD_ARGUMENT, String.valueOf(e.getMessage()), "Use the same protocol.");
    } finally {
      in.release();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
      SslHandler tls = ctx.pipeline().get(SslHandler.class);
      if (!Wire.ALPN.equals(tls.applicationProtocol())) {
        drop("the client did not ask for " + Wire.ALPN);
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    writability.changed();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    over = true;
    Future<?> running = ticks;
    if (running != null) {
      running.cancel(false);
    }
    writability.changed();
    requests.values().forEach(ServerRequest::cancel);
    requests.clear();
    if (peer != null) {
      server.left(peer);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    drop(String.valueOf(cause.getMessage()));
  }

  @Override
  public void message(int request, Message message) {
    if (over) {
      return;
    }
    if (session == null) {
      if (!(message instanceof Message.Hello hello) || request != 0) {
        throw new BrokenProtocol("HELLO comes first");
      }
      hello(hello);
      return;
    }
    switch (message) {
      case Message.Bare(int type) when type == Wire.PING && request == 0 ->
          send(0, new Message.Bare(Wire.PONG));
      case Message.Bare(int type) when type == Wire.NEXT -> {
        ServerRequest known = requests.get(request);
        if (known != null) {
          known.next();
        }
      }
      case Message.Bare(int type) when type == Wire.CANCEL -> cancel(request);
      case Message.Put put -> begin(request, put);
      case Message.PutSmall small -> begin(request, small);
      case Message.Get get -> begin(request, get);
      case Message.Read read -> begin(request, read);
      case Message.Listing listing -> begin(request, listing);
      case Message.Named named -> begin(request, named);
      case Message.ExtendLock extend -> begin(request, extend);
      case Message.Hold hold -> begin(request, hold);
      case Message.Move move -> begin(request, move);
      default -> throw new BrokenProtocol("a client does not send this");
    }
  }

  @Override
  public void dataBegins(int request, int length) {
    puts.expect(request, length);
  }

  @Override
  public void data(int request, ByteBuf in, int length) {
    puts.take(request, in, length);
  }

  @Override
  public void dataEnds(int request) {
    puts.partEnds(request);
  }

  void send(int request, Message message) {
    ChannelHandlerContext ctx = ctx();
    Outbound.send(ctx, MessageWriter.frame(ctx.alloc(), request, message));
  }

  /** Sends the last frame of a request. */
  void end(int request, Message message) {
    ctx()
        .executor()
        .execute(
            () -> {
              if (requests.remove(request) != null) {
                send(request, message);
              }
            });
  }

  /** A request has ended with what was sent last. */
  void ended(int request) {
    ctx().executor().execute(() -> requests.remove(request));
  }

  void data(int request, byte[] bytes, int offset, int length, boolean last) {
    ChannelHandlerContext ctx = ctx();
    if (last) {
      ended(request);
    }
    Outbound.send(ctx, MessageWriter.data(ctx.alloc(), request, bytes, offset, length));
  }

  boolean awaitWritable(Duration atMost) throws InterruptedException {
    return writability.await(ctx().channel(), atMost);
  }

  /** Closes without a word. */
  void drop(String why) {
    LOG.log(System.Logger.Level.INFO, "closing " + ctx().channel().remoteAddress() + ": " + why);
    Outbound.close(ctx());
  }

  private void hello(Message.Hello hello) {
    if (hello.lowest() > Wire.VERSION || hello.highest() < Wire.VERSION) {
      refuse(
          ErrorCode.STORE_UNKNOWN_VERSION,
          "the client speaks versions "
              + (hello.lowest() + " to " + hello.highest())
              + " of the protocol, this appliance version "
              + Wire.VERSION,
          "Bring both appliances to versions that meet.");
      return;
    }
    Admission admission;
    try {
      admission =
          server.admit(
              ctx().pipeline().get(SslHandler.class).engine().getSession(), hello.repository());
    } catch (SSLPeerUnverifiedException e) {
      drop("no certificate");
      return;
    } catch (SendenseException e) {
      refuse(e.code(), String.valueOf(e.getMessage()), e.remedy());
      return;
    }
    peer = admission.peer();
    session = admission.session();
    frames.allow(Wire.BODY_BYTES_MAX);
    send(
        0,
        new Message.Welcome(
            Wire.VERSION, server.options().inFlight(), admission.session().offered()));
  }

  private void begin(int id, Message message) {
    if (id <= newest) {
      throw new BrokenProtocol("request numbers go upwards from 1");
    }
    if (requests.size() >= server.options().inFlight()) {
      throw new BrokenProtocol("more requests in flight than allowed");
    }
    newest = id;
    ServerRequest request = new ServerRequest(id, this, server.options().frame());
    requests.put(id, request);
    StoreCall call = new StoreCall(known(), request, server.newHash());
    if (message instanceof Message.Put put) {
      server.work(() -> call.guarded(() -> puts.askForRoom(ctx().executor(), request, call, put)));
    } else {
      server.work(() -> call.guarded(() -> call.answer(message)));
    }
  }

  private void cancel(int id) {
    ServerRequest request = requests.get(id);
    if (request == null) {
      return;
    }
    if (request.cancel()) {
      end(id, new Message.Failed(ErrorCode.CANCELLED.number(), "the put was given up", ""));
    }
  }

  private void tick() {
    long now = System.nanoTime();
    RepositoryServerOptions options = server.options();
    if (session == null && now - openedNanos > options.hello().toNanos()) {
      drop("no HELLO in time");
    } else if (frames.midFrame() && now - frameNanos > options.frame().toNanos()) {
      drop("a frame did not end in time");
    } else if (now - heardNanos > options.silence().toNanos()) {
      drop("nothing was heard of it");
    } else if (requests.values().stream().anyMatch(r -> r.late(now))) {
      drop("the content of a put did not come in time");
    }
  }

  private void refuse(ErrorCode code, String what, String remedy) {
    over = true;
    LOG.log(System.Logger.Level.INFO, "refusing " + ctx().channel().remoteAddress() + ": " + what);
    Outbound.closeAfter(
        ctx(),
        MessageWriter.frame(ctx().alloc(), 0, new Message.Failed(code.number(), what, remedy)));
  }

  private Session known() {
    Session current = session;
    if (current == null) {
      throw new IllegalStateException("before HELLO");
    }
    return current;
  }

  private ChannelHandlerContext ctx() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return ctx;
  }
}
