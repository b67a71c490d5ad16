package io.sendense.connectors.cloudstack;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** HTTP with a deadline over the whole exchange and a bound on the answer. */
final class Transport implements AutoCloseable {
  private static final long MAX_ANSWER_BYTES = 64L << 20;

  private final HttpClient http;

  Transport(Optional<Path> ca, Duration connectDeadline) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(connectDeadline)
            .followRedirects(HttpClient.Redirect.NEVER);
    ca.ifPresent(file -> builder.sslContext(trusting(file)));
    this.http = builder.build();
  }

  /**
   * A status and a body.
   *
   * @param body as UTF-8
   */
  record Reply(int status, String body) {}

  /** How an exchange failed, and whether the server may have seen the request. */
  static final class Lost extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean reached;

    Lost(String what, boolean reached, Throwable cause) {
      super(what, cause);
      this.reached = reached;
    }

    boolean mayHaveReached() {
      return reached;
    }
  }

  Reply send(HttpRequest request, Duration deadline) throws Lost {
    CompletableFuture<HttpResponse<String>> exchange =
        http.sendAsync(
            request,
            BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_ANSWER_BYTES));
    try {
      HttpResponse<String> response = exchange.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
      return new Reply(response.statusCode(), response.body());
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw new Lost("no answer within " + deadline.toSeconds() + " s", true, e);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, "a call to CloudStack was interrupted", "Start it again.", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof IOException) {
        throw new Lost(describe(request.uri(), cause), !(cause instanceof ConnectException), cause);
      }
      throw new IllegalStateException("an HTTP exchange ended in an unknown way", cause);
    }
  }

  private static String describe(URI uri, Throwable cause) {
    String message = cause.getMessage();
    return uri.getHost()
        + " cannot be talked to: "
        + (message == null ? cause.getClass().getSimpleName() : message);
  }

  private static SSLContext trusting(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int n = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca" + n++, each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "the certificates in " + file + " cannot be read: " + e.getMessage(),
          "Give a file of certificates in PEM.",
          e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
