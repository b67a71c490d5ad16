package io.sendense.nbd;

import io.netty.handler.ssl.SslHandler;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** Whether clients must begin TLS, and the handler that does it. */
record ServerTls(Optional<Supplier<SslHandler>> handlers) {
  static ServerTls of(Optional<Path> certificates) {
    return new ServerTls(certificates.map(TlsFiles::server).map(ServerTls::handlers));
  }

  boolean required() {
    return handlers.isPresent();
  }

  private static Supplier<SslHandler> handlers(SSLContext context) {
    return () -> {
      SSLEngine engine = context.createSSLEngine();
      engine.setUseClientMode(false);
      engine.setNeedClientAuth(true);
      engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      return new SslHandler(engine);
    };
  }
}
