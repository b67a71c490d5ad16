package io.sendense.controllink;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.LinkPaths;
import io.sendense.protocol.Messages;
import io.sendense.protocol.ProblemAnswer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * One HTTPS client towards one cloud, with at most one identity. TLS 1.3 only, the server verified
 * against the given CA and by its name, whatever the system trusts. Any thread; every call has a
 * deadline.
 */
final class LinkTransport implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final URI cloud;
  private final String through;
  private final HttpClient client;

  /** An answer of status 200 to 399. */
  record Answer(int status, HttpResponse<byte[]> response) {
    byte[] body() {
      return response.body();
    }
  }

  LinkTransport(
      URI cloud,
      List<X509Certificate> ca,
      Optional<Identity> identity,
      Optional<InetSocketAddress> proxy) {
    this.cloud = checked(cloud);
    this.through =
        proxy.map(at -> " through the proxy " + at.getHostString() + ":" + at.getPort()).orElse("");
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(context(ca, identity))
            .sslParameters(parameters)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER);
    proxy.ifPresent(address -> builder.proxy(ProxySelector.of(address)));
    this.client = builder.build();
  }

  HttpRequest.Builder request(String path, Duration deadline) {
    return HttpRequest.newBuilder(cloud.resolve(path)).timeout(deadline);
  }

  /**
   * @throws SendenseException {@code LINK_UNAVAILABLE} if nothing was answered; the code of the
   *     problem if the cloud refused
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  Answer send(HttpRequest request) throws InterruptedException {
    HttpResponse<byte[]> response;
    try {
      response =
          client.send(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), LinkPaths.MAX_BODY_BYTES));
    } catch (SSLException e) {
      throw new SendenseException(
          ErrorCode.LINK_UNAVAILABLE,
          "no trusted connection to " + cloud + through + ": " + e.getMessage(),
          "Check the CA file, the name in the address and this machine's clock.",
          e);
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new SendenseException(
          ErrorCode.LINK_UNAVAILABLE,
          "the cloud at " + cloud + " does not answer" + through + ": " + why,
          "Check network, proxy and address; the appliance goes on working and tries again.",
          e);
    }
    if (response.sslSession().isEmpty()) {
      // What a proxy answers to CONNECT looks like an answer, but the cloud never said it.
      throw new SendenseException(
          ErrorCode.LINK_UNAVAILABLE,
          "no connection to "
              + cloud
              + through
              + ": it answered with HTTP status "
              + response.statusCode(),
          "Have the proxy allow CONNECT to that address, or set another one.");
    }
    if (response.statusCode() >= 400) {
      throw refused(response);
    }
    return new Answer(response.statusCode(), response);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private SendenseException refused(HttpResponse<byte[]> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (type.startsWith(LinkPaths.PROBLEM_JSON)) {
      try {
        ProblemAnswer problem = Messages.read(ProblemAnswer.class, response.body());
        ErrorCode code =
            Arrays.stream(ErrorCode.values())
                .filter(known -> known.id().equals(problem.code()))
                .findFirst()
                .orElse(ErrorCode.LINK_REFUSED);
        return new SendenseException(code, problem.detail(), problem.remedy());
      } catch (SendenseException e) {
        return unexpected(response, e);
      }
    }
    return unexpected(response, null);
  }

  private SendenseException unexpected(
      HttpResponse<byte[]> response, @org.jspecify.annotations.Nullable Throwable cause) {
    return new SendenseException(
        response.statusCode() >= 500 ? ErrorCode.LINK_UNAVAILABLE : ErrorCode.LINK_REFUSED,
        "the cloud at " + cloud + " answered with HTTP status " + response.statusCode(),
        "Check that the address is the appliance link of a control plane.",
        cause);
  }

  private static URI checked(URI cloud) {
    if (!"https".equals(cloud.getScheme()) || cloud.getHost() == null) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "\"" + cloud + "\" is not the address of an appliance link",
          "Give an address such as https://cloud.example.com:8443.");
    }
    return cloud;
  }

  private static SSLContext context(List<X509Certificate> ca, Optional<Identity> identity) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (int i = 0; i < ca.size(); i++) {
        trusted.setCertificateEntry("ca-" + i, ca.get(i));
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyManager[] keys = new KeyManager[0];
      if (identity.isPresent()) {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(
            "appliance",
            identity.get().key(),
            new char[0],
            new Certificate[] {identity.get().certificate()});
        KeyManagerFactory factory =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, new char[0]);
        keys = factory.getKeyManagers();
      }
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(keys, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "TLS could not be set up: " + e.getMessage(),
          "Check the CA file and the identity in the state folder.",
          e);
    }
  }
}
