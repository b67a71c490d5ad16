package io.sendense.nbd;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * What does TLS: BoringSSL, or the JDK where its library cannot be loaded. With both the JDK's
 * trust manager verifies certificates and names, so both refuse the same peers.
 */
enum TlsLibrary {
  BORINGSSL(SslProvider.OPENSSL),
  JDK(SslProvider.JDK);

  // The first is the cheaper one and of the same strength for what a session lasts; BoringSSL has
  // the same order built in. The others are what a peer with TLS 1.2 may offer.
  private static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private final SslProvider provider;

  TlsLibrary(SslProvider provider) {
    this.provider = provider;
  }

  /** The faster one that works here. {@code -Dsendense.tls.jdk=true} chooses the JDK. */
  static TlsLibrary best() {
    return OpenSsl.isAvailable() && !Boolean.getBoolean("sendense.tls.jdk") ? BORINGSSL : JDK;
  }

  /** For a client; it verifies the server's certificate and name. */
  SslContext client(Optional<Path> folder) {
    TlsFiles.Material material = TlsFiles.client(folder);
    SslContextBuilder builder =
        SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
    material.keys().ifPresent(builder::keyManager);
    return build(builder, material);
  }

  /** For a server; it demands a certificate of every client. */
  SslContext server(Path folder) {
    TlsFiles.Material material = TlsFiles.server(folder);
    return build(
        SslContextBuilder.forServer(material.keys().orElseThrow()).clientAuth(ClientAuth.REQUIRE),
        material);
  }

  private SslContext build(SslContextBuilder builder, TlsFiles.Material material) {
    material.trust().ifPresent(builder::trustManager);
    // BoringSSL offers no EdDSA signatures unless asked to, and cannot be asked from here.
    SslProvider chosen = material.edwards() ? SslProvider.JDK : provider;
    try {
      return builder
          .sslProvider(chosen)
          .protocols("TLSv1.3", "TLSv1.2")
          .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "The certificates cannot be used for TLS: " + e.getMessage() + ".",
          "Give an RSA, EC or EdDSA certificate and the key that belongs to it.",
          e);
    }
  }
}
