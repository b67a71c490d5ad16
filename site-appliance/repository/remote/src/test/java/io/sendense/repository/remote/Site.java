package io.sendense.repository.remote;

import io.sendense.repository.spi.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A receiving appliance and its clients in this process, with certificates made once. */
final class Site implements AutoCloseable {
  static final String REPOSITORY = "copies";
  static final Duration SHORT = Duration.ofSeconds(2);
  static final Rights EVERYTHING = Rights.of(Right.values());

  private static final Path FOLDER = folder();
  static final Pki PKI = Pki.make(FOLDER.resolve("ours"));
  static final Pki FOREIGN = Pki.make(FOLDER.resolve("foreign"));
  static final String NAMES = "DNS:localhost,IP:127.0.0.1";

  private final boolean nativeTls;
  private final RepositoryServer server;

  private Site(RepositoryServer server, boolean nativeTls) {
    this.server = server;
    this.nativeTls = nativeTls;
  }

  static Site start(ObjectStore store) {
    return start(store, EVERYTHING);
  }

  static Site start(ObjectStore store, Rights rights) {
    return start(List.of(grant("site-b", store, rights)), 0, UnaryOperator.identity(), true);
  }

  static Site start(ObjectStore store, UnaryOperator<RepositoryServerOptions> options) {
    return start(List.of(grant("site-b", store, EVERYTHING)), 0, options, true);
  }

  static Site start(
      List<Grant> grants,
      int port,
      UnaryOperator<RepositoryServerOptions> options,
      boolean nativeTls) {
    RepositoryServerOptions defaults =
        RepositoryServerOptions.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new Site(
        RepositoryServer.start(options.apply(defaults), PKI.server(NAMES), grants, nativeTls),
        nativeTls);
  }

  static Grant grant(String name, ObjectStore store, Rights rights) {
    return new Grant(new PeerIdentity("dns:" + name), REPOSITORY, store, rights);
  }

  int port() {
    return server.address().getPort();
  }

  RemoteObjectStore client() {
    return client("site-b");
  }

  RemoteObjectStore client(String name) {
    return RemoteObjectStore.open(options(port()), PKI.client(name), nativeTls);
  }

  static RemoteStoreOptions options(int port) {
    return RemoteStoreOptions.of("localhost", port, REPOSITORY);
  }

  @Override
  public void close() {
    server.close();
  }

  /** For another process of the same test. */
  static Path folderOfCertificates() {
    return FOLDER;
  }

  private static Path folder() {
    String other = System.getProperty("bench.pki", "");
    if (!other.isEmpty()) {
      return Path.of(other);
    }
    try {
      return Files.createTempDirectory("remote-store-pki");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
