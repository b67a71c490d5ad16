package io.sendense.nbd;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.nio.file.Path;
import java.util.Optional;

/** Whether clients must begin TLS, and the handler that does it. */
record ServerTls(Optional<SslContext> context) {
  static ServerTls of(Optional<Path> certificates, TlsLibrary library) {
    return new ServerTls(certificates.map(library::server));
  }

  boolean required() {
    return context.isPresent();
  }

  Optional<SslHandler> handler(ByteBufAllocator allocator) {
    return context.map(one -> one.newHandler(allocator));
  }
}
