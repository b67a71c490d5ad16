package io.sendense.cloud.fleet.internal;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.sendense.cloud.web.BodyBound;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.LinkPaths;
import java.io.ByteArrayOutputStream;
import java.net.BindException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableChannel;
import reactor.netty.DisposableServer;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The listener of the appliance link: TLS 1.3 only, HTTP/1.1, client certificate optional in the
 * handshake and judged by the routes. Each request runs on a virtual thread of its own.
 */
final class LinkServer implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(90);
  private static final Duration READ = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(10);

  private final ExecutorService threads;
  private final Scheduler scheduler;
  private final DisposableServer server;

  /**
   * @param port 0 for any free one
   * @throws SendenseException {@code PORT_TAKEN} if something else listens there
   */
  LinkServer(String host, int port, ServerKeys keys, LinkRoutes routes) {
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("link-", 0).factory());
    this.scheduler = Schedulers.fromExecutorService(threads);
    try {
      SslContext tls = tls(keys);
      this.server =
          HttpServer.create()
              .host(host)
              .port(port)
              .protocol(HttpProtocol.HTTP11)
              .secure(spec -> spec.sslContext(tls).handshakeTimeout(Duration.ofSeconds(10)))
              .idleTimeout(IDLE)
              .readTimeout(READ)
              .httpRequestDecoder(spec -> spec.maxInitialLineLength(2048).maxHeaderSize(16 * 1024))
              .doOnChannelInit(
                  (observer, channel, address) ->
                      BodyBound.install(channel, 2L * LinkPaths.MAX_BODY_BYTES))
              .handle((request, response) -> serve(routes, request, response))
              .bindNow(STOP);
    } catch (RuntimeException e) {
      threads.shutdownNow();
      throw taken(e, host, port);
    }
  }

  int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.disposeNow(STOP);
    scheduler.dispose();
    threads.shutdownNow();
  }

  private static SslContext tls(ServerKeys keys) {
    try {
      return SslContextBuilder.forServer(keys)
          .sslProvider(SslProvider.JDK)
          .trustManager(new PossessionOnly())
          .clientAuth(ClientAuth.OPTIONAL)
          .protocols("TLSv1.3")
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("TLS could not be set up", e);
    }
  }

  private Publisher<Void> serve(
      LinkRoutes routes, HttpServerRequest request, HttpServerResponse response) {
    LinkCall.Connection[] connection = new LinkCall.Connection[1];
    X509Certificate[] peer = new X509Certificate[1];
    request.withConnection(
        it -> {
          DisposableChannel channel = it;
          connection[0] = new NettyConnection(it.channel());
          SslHandler tls = it.channel().pipeline().get(SslHandler.class);
          if (tls == null && it.channel().parent() != null) {
            tls = it.channel().parent().pipeline().get(SslHandler.class);
          }
          if (tls != null && !channel.isDisposed()) {
            leaf(tls).ifPresent(found -> peer[0] = found);
          }
        });
    Map<String, String> headers = new HashMap<>();
    request
        .requestHeaders()
        .forEach(
            header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    return body(request)
        .flatMap(
            body ->
                Mono.fromCallable(
                        () ->
                            routes.handle(
                                new LinkCall(
                                    request.method().name(),
                                    path(request.uri()),
                                    headers,
                                    body,
                                    Optional.ofNullable(peer[0]),
                                    connection[0])))
                    .subscribeOn(scheduler))
        .flatMap(answer -> write(response, answer))
        .onErrorResume(TooLong.class, e -> response.status(413).send())
        .onErrorResume(AbortedException.class, e -> Mono.empty());
  }

  private static Mono<Void> write(HttpServerResponse response, LinkCall.Answer answer) {
    response.status(answer.status());
    answer.headers().forEach(response::header);
    if (answer.status() == 204 || answer.status() == 304) {
      return response.send().then();
    }
    response.header("Content-Length", Integer.toString(answer.body().length));
    return response.sendByteArray(Mono.just(answer.body())).then();
  }

  private static Mono<byte[]> body(HttpServerRequest request) {
    return request
        .receive()
        .asByteArray()
        .reduceWith(
            ByteArrayOutputStream::new,
            (sink, part) -> {
              if (sink.size() + part.length > LinkPaths.MAX_BODY_BYTES) {
                throw new TooLong();
              }
              sink.writeBytes(part);
              return sink;
            })
        .map(ByteArrayOutputStream::toByteArray);
  }

  private static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private static Optional<X509Certificate> leaf(SslHandler tls) {
    try {
      Certificate[] chain = tls.engine().getSession().getPeerCertificates();
      return chain[0] instanceof X509Certificate first ? Optional.of(first) : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty(); // no certificate was shown
    }
  }

  private static RuntimeException taken(RuntimeException e, String host, int port) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException || cause.getClass().getName().contains("BindException")) {
        return new SendenseException(
            ErrorCode.PORT_TAKEN,
            "the appliance link cannot listen on " + host + ":" + port + ": the port is taken",
            "Stop what listens there or set sendense.link.port.",
            e);
      }
    }
    return e;
  }

  private record NettyConnection(io.netty.channel.Channel channel) implements LinkCall.Connection {
    @Override
    public void onClose(Runnable action) {
      channel.closeFuture().addListener(future -> action.run());
    }
  }

  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super("the body is too long", null, false, false);
    }
  }
}
