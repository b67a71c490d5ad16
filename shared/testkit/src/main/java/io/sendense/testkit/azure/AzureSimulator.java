package io.sendense.testkit.azure;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One container of Azure's Blob service with immutable versions, over HTTP on the loopback address:
 * the calls that our store makes, as the public REST reference describes them, with real state.
 * Azurite answers 501 to policies and holds, so they are shown here.
 *
 * <p>It enforces: names taken once, Content-MD5, earlier versions after a deletion, policies
 * (unlocked and locked) and holds on versions, reads refused in the archive, pages of a listing. It
 * does not model: signatures and roles (everyone may do everything), container policies, soft
 * deletion, leases, snapshots, tags, blocks, throttling by itself, and the hours of a rehydration.
 */
public final class AzureSimulator implements AutoCloseable {
  public static final String ACCOUNT = "account";
  public static final String CONTAINER = "backups";
  private static final String ROOT = "/" + ACCOUNT + "/" + CONTAINER;
  private static final int MOST_ITEMS = 100;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private final SimulatedContainer container;
  private volatile Optional<Refusal> next = Optional.empty();
  private volatile boolean hanging;
  private volatile boolean immutable = true;

  /** An answer that is not a success. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    Refusal(int status, String code) {
      super(code);
      this.status = status;
      this.code = code;
    }
  }

  private AzureSimulator(InstantSource clock) throws IOException {
    this.container = new SimulatedContainer(clock);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public static AzureSimulator start() {
    try {
      return new AzureSimulator(InstantSource.system());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + ACCOUNT);
  }

  public SimulatedContainer container() {
    return container;
  }

  public int requests() {
    return requests.get();
  }

  /** The next request is answered so. */
  public void refuseNext(int status, String code) {
    next = Optional.of(new Refusal(status, code));
  }

  /** From now on nothing is answered. */
  public void hang() {
    hanging = true;
  }

  /** A container like most: without immutable versions. */
  public void withoutImmutability() {
    immutable = false;
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (hanging && closing.await(60, TimeUnit.SECONDS)) {
        return;
      }
      try {
        Optional<Refusal> refusal = next;
        next = Optional.empty();
        if (refusal.isPresent()) {
          throw refusal.get();
        }
        answer(exchange, body);
      } catch (Refusal refusal) {
        refuse(exchange, refusal);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
    exchange.getResponseHeaders().set("x-ms-error-code", refusal.code);
    String xml =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>"
            + refusal.code
            + "</Code><Message>simulated</Message></Error>";
    send(exchange, refusal.status, "application/xml", xml.getBytes(StandardCharsets.UTF_8));
  }

  private void answer(HttpExchange exchange, byte[] body) throws IOException {
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    String path = URLDecoder.decode(exchange.getRequestURI().getRawPath(), StandardCharsets.UTF_8);
    if (!path.startsWith(ROOT)) {
      throw new Refusal(404, "ContainerNotFound");
    }
    SimulatedRequest request =
        new SimulatedRequest(
            exchange.getRequestMethod(),
            path.length() > ROOT.length() ? path.substring(ROOT.length() + 1) : "",
            query,
            exchange.getRequestHeaders(),
            body);
    Map<String, String> headers = new HashMap<>();
    byte[] content = new byte[0];
    int status = 200;
    if (query.getOrDefault("comp", "").equals("list")) {
      content =
          container.list(
              query.getOrDefault("prefix", ""), query.getOrDefault("marker", ""), MOST_ITEMS);
      headers.put("Content-Type", "application/xml");
    } else if (query.getOrDefault("restype", "").equals("container")) {
      headers.put("Last-Modified", SimulatedBlob.rfc1123(container.now()));
      headers.put("ETag", "\"0x1\"");
      headers.put("x-ms-immutable-storage-with-versioning-enabled", String.valueOf(immutable));
    } else {
      SimulatedAnswer answer = container.blob(request);
      headers.putAll(answer.headers());
      content = answer.body();
      status = answer.status();
    }
    headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    send(exchange, status, content.length == 0 ? "" : "application/octet-stream", content);
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("x-ms-version", "2021-12-02");
    if (!type.isEmpty() && !exchange.getResponseHeaders().containsKey("Content-Type")) {
      exchange.getResponseHeaders().set("Content-Type", type);
    }
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head || body.length == 0) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        String[] parts = pair.split("=", 2);
        query.put(
            parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return query;
  }
}
