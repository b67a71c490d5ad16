package io.sendense.controllink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.LinkPaths;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** Enrolment over Secure Transport (RFC 7030), as much of it as the control link uses. */
final class Est {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final LinkTransport transport;

  Est(LinkTransport transport) {
    this.transport = transport;
  }

  List<X509Certificate> caCertificates() throws InterruptedException {
    HttpRequest request = transport.request(LinkPaths.CA_CERTS, DEADLINE).GET().build();
    return certificates(transport.send(request).body());
  }

  X509Certificate enrol(String token, byte[] request) throws InterruptedException {
    String login = Base64.getEncoder().encodeToString((":" + token).getBytes(UTF_8));
    return issue(
        post(LinkPaths.ENROL, LinkPaths.PKCS10, request).header("Authorization", "Basic " + login));
  }

  X509Certificate renew(byte[] request) throws InterruptedException {
    return issue(post(LinkPaths.RENEW, LinkPaths.PKCS10, request));
  }

  X509Certificate renewExpired(byte[] signed) throws InterruptedException {
    return issue(post(LinkPaths.RENEW_EXPIRED, LinkPaths.PKCS7_SIGNED, signed));
  }

  private HttpRequest.Builder post(String path, String type, byte[] der) {
    return transport
        .request(path, DEADLINE)
        .header("Content-Type", type)
        .header("Content-Transfer-Encoding", "base64")
        .POST(HttpRequest.BodyPublishers.ofString(BASE64.encodeToString(der)));
  }

  private X509Certificate issue(HttpRequest.Builder request) throws InterruptedException {
    LinkTransport.Answer answer = transport.send(request.build());
    if (answer.status() == 202) {
      throw new SendenseException(
          ErrorCode.LINK_REFUSED,
          "the enrolment waits for approval by a person",
          "Have the appliance approved in the portal, then run the same command again.");
    }
    return certificates(answer.body()).getFirst();
  }

  private static List<X509Certificate> certificates(byte[] base64) {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      List<X509Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(der))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (found.isEmpty()) {
        throw new CertificateException("it holds no certificate");
      }
      return found;
    } catch (CertificateException | IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.LINK_REFUSED,
          "the cloud's enrolment answer cannot be read: " + e.getMessage(),
          "Check that the address is the appliance link of a control plane.",
          e);
    }
  }
}
