package io.sendense.testkit.s3;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Folders;
import io.sendense.testkit.Peers;
import io.sendense.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running server with one account. Buckets are made by the test, with a client of its own.
 *
 * @param credentials file as AWS's tools write it
 * @param authority certificate to trust, where the server speaks TLS
 */
public record S3Peer(ChildProcess process, URI endpoint, Path credentials, Optional<Path> authority)
    implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final String ACCESS = "sendense-test";
  private static final String SECRET = "sendense-test-secret";

  /** VersityGW over a folder: versions, Object Lock, checksums; no storage classes. */
  public static S3Peer versity(Path folder) {
    return versity(folder, false);
  }

  /** VersityGW with TLS, by a certificate of its own authority for 127.0.0.1. */
  public static S3Peer versityWithTls(Path folder) {
    return versity(folder, true);
  }

  private static S3Peer versity(Path folder, boolean tls) {
    String gateway = Peers.require("versitygw").toString();
    Path data = create(folder.resolve("data/buckets"));
    Path versions = create(folder.resolve("old/versions"));
    int port = Ports.claim(0, "versitygw");
    List<String> command = new ArrayList<>(List.of(gateway, "--port", "127.0.0.1:" + port));
    command.add("--quiet");
    Optional<Path> authority = Optional.empty();
    if (tls) {
      Path certificate = certificate(folder);
      command.addAll(List.of("--cert", certificate.toString()));
      command.addAll(List.of("--key", folder.resolve("key.pem").toString()));
      authority = Optional.of(certificate);
    }
    command.addAll(List.of("posix", "--versioning-dir", versions.toString(), data.toString()));
    ChildProcess process =
        ChildProcess.start(
            command,
            Map.of("ROOT_ACCESS_KEY_ID", ACCESS, "ROOT_SECRET_ACCESS_KEY", SECRET),
            Optional.of(folder));
    return started(process, folder, (tls ? "https" : "http") + "://127.0.0.1:" + port, authority);
  }

  /** moto: storage classes and lifecycle rules; holds locks only in part, checks no checksum. */
  public static S3Peer moto(Path folder) {
    String server = Peers.require("moto_server").toString();
    int port = Ports.claim(0, "moto");
    ChildProcess process =
        ChildProcess.start(
            List.of(server, "-H", "127.0.0.1", "-p", "" + port),
            Map.of(),
            Optional.of(create(folder)));
    return started(process, folder, "http://127.0.0.1:" + port, Optional.empty());
  }

  private static S3Peer started(
      ChildProcess process, Path folder, String endpoint, Optional<Path> authority) {
    URI uri = URI.create(endpoint);
    try {
      process.awaitPort(uri.getPort(), START);
      Path credentials = folder.resolve("credentials");
      Folders.writePrivate(
          credentials,
          "[default]\naws_access_key_id = "
              + ACCESS
              + "\naws_secret_access_key = "
              + SECRET
              + "\n");
      return new S3Peer(process, uri, credentials, authority);
    } catch (RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }

  private static Path certificate(Path folder) {
    Path certificate = folder.resolve("certificate.pem");
    ChildProcess.run(
            START,
            Peers.require("openssl").toString(),
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=127.0.0.1",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            folder.resolve("key.pem").toString(),
            "-out",
            certificate.toString())
        .orFail();
    return certificate;
  }

  private static Path create(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("could not make " + folder, e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
