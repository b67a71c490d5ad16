package io.sendense.cloud.fleet.internal;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What the handshake of the link's listener asks of a client certificate: that the caller holds its
 * key, which TLS itself proves. Who issued it and whether it is still good is judged by {@link
 * ClientCertificates} before any route runs, where a refusal can be told in words.
 *
 * <p>It never trusts a server.
 */
final class PossessionOnly extends X509ExtendedTrustManager {
  private static void bounded(X509Certificate[] chain) throws CertificateException {
    if (chain.length == 0 || chain.length > 4) {
      throw new CertificateException("a client shows 1 to 4 certificates, got " + chain.length);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    bounded(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    bounded(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    bounded(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw noServers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw noServers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw noServers();
  }

  /** None named: a client with a certificate of another authority shows it and is told why not. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private static CertificateException noServers() {
    return new CertificateException("the link's listener connects to nobody");
  }
}
