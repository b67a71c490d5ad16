package io.sendense.repository.remote;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * By what a side of the protocol is known and whom it trusts.
 *
 * @param certificate PEM file: its own certificate, then those between it and the CA
 * @param key PEM file: the private key in PKCS#8 without a password, readable by its owner only
 * @param trust PEM file: the CAs of peers; what the system trusts counts for nothing
 */
public record TlsIdentity(Path certificate, Path key, Path trust) {
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /** Whether BoringSSL, or else the JDK, does TLS here. */
  static boolean nativeTls() {
    return OpenSsl.isAvailable();
  }

  SslContext forClient(boolean nativeTls) {
    return build(SslContextBuilder.forClient(), nativeTls, true);
  }

  SslContext forServer(boolean nativeTls) {
    check();
    return build(
        SslContextBuilder.forServer(certificate.toFile(), key.toFile())
            .clientAuth(ClientAuth.REQUIRE),
        nativeTls,
        false);
  }

  private SslContext build(SslContextBuilder builder, boolean nativeTls, boolean client) {
    check();
    try {
      if (client) {
        builder
            .keyManager(certificate.toFile(), key.toFile())
            .endpointIdentificationAlgorithm("HTTPS");
      }
      return builder
          .trustManager(trust.toFile())
          .protocols("TLSv1.3")
          .sslProvider(nativeTls ? SslProvider.OPENSSL : SslProvider.JDK)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  Protocol.ALPN,
                  SelectorFailureBehavior.NO_ADVERTISE,
                  SelectedListenerFailureBehavior.ACCEPT,
                  Wire.ALPN))
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "certificate "
              + certificate
              + ", key "
              + key
              + " or trust "
              + trust
              + " cannot be used: "
              + e.getMessage(),
          "Give PEM files; convert a key with: openssl pkcs8 -topk8 -nocrypt.",
          e);
    }
  }

  private void check() {
    for (Path file : new Path[] {certificate, key, trust}) {
      if (!Files.isReadable(file)) {
        throw new SendenseException(
            ErrorCode.NOT_FOUND, "the file " + file + " cannot be read", "Check the path.");
      }
    }
    try {
      if (Files.getPosixFilePermissions(key).stream().anyMatch(OF_OTHERS::contains)) {
        throw new SendenseException(
            ErrorCode.FORBIDDEN,
            "the key " + key + " can be read or written by others than its owner",
            "Run chmod 600 " + key + " and consider the key known to others.");
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND, "the rights of " + key + " cannot be read", "Check the path.", e);
    }
  }
}
