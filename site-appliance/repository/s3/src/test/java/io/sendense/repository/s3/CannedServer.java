package io.sendense.repository.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers as S3 does when something is wrong, which a healthy server cannot be brought to do. */
final class CannedServer implements AutoCloseable {
  /** What to say to a request of an object. */
  @FunctionalInterface
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  final AtomicInteger requests = new AtomicInteger();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Path credentials;
  private final boolean locks;

  /** A bucket without versions; {@code answer} hears of everything but questions on the bucket. */
  CannedServer(Path folder, Answer answer) throws IOException {
    this(folder, false, answer);
  }

  /**
   * @param locks says that it keeps versions and locks them
   */
  CannedServer(Path folder, boolean locks, Answer answer) throws IOException {
    this.locks = locks;
    credentials = folder.resolve("credentials");
    Files.writeString(
        credentials, "[default]\naws_access_key_id = a\naws_secret_access_key = topsecret\n");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> handle(exchange, answer));
    server.start();
  }

  S3ObjectStore open(Duration patience) {
    return S3ObjectStore.open(
        new S3Settings(
            "bucket",
            "",
            Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.of(credentials),
            Optional.empty(),
            patience));
  }

  static void fail(HttpExchange exchange, int status, String code) throws IOException {
    byte[] body =
        ("<Error><Code>" + code + "</Code><Message>as planned</Message></Error>")
            .getBytes(StandardCharsets.US_ASCII);
    exchange.getRequestBody().readAllBytes();
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  static void succeed(HttpExchange exchange, String body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
    exchange.getResponseHeaders().add("Last-Modified", "Sat, 21 Nov 2026 12:00:00 GMT");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, head || bytes.length == 0 ? -1 : bytes.length);
    if (!head) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private void handle(HttpExchange exchange, Answer answer) {
    try {
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      if (query.startsWith("versioning")) {
        succeed(
            exchange,
            "<VersioningConfiguration>"
                + (locks ? "<Status>Enabled</Status>" : "")
                + "</VersioningConfiguration>");
      } else if (query.startsWith("object-lock")) {
        succeed(
            exchange,
            "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>"
                + "</ObjectLockConfiguration>");
      } else if (query.startsWith("lifecycle")) {
        fail(exchange, 501, "NotImplemented");
      } else {
        requests.incrementAndGet();
        answer.to(exchange);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
