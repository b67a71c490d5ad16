package io.sendense.appliance.cli;

import io.sendense.repository.remote.RemoteStoreUrl;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A CA made by openssl in a folder, and what it issues there. */
final class TestPki {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String KEY =
      "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=x";

  private final Path folder;

  TestPki(Path folder) {
    this.folder = folder;
    openssl(
        "req -x509 " + KEY + " -days 2 -keyout ca.key -out ca.pem",
        "-addext keyUsage=critical,keyCertSign");
    issue("server", "serverAuth", "DNS:localhost");
  }

  /** By whom {@code serve-repository} is seen. */
  List<Object> server() {
    return List.of(
        "--cert",
        folder.resolve("server.pem"),
        "--key",
        folder.resolve("server.key"),
        "--trust",
        folder.resolve("ca.pem"));
  }

  /** Issues a certificate of that name, and says where it is. */
  Map<String, String> client(String name) {
    if (!Files.exists(folder.resolve(name + ".pem"))) {
      issue(name, "clientAuth", "DNS:" + name);
    }
    return Map.of(
        RemoteStoreUrl.CERTIFICATE,
        folder.resolve(name + ".pem").toString(),
        RemoteStoreUrl.KEY,
        folder.resolve(name + ".key").toString(),
        RemoteStoreUrl.TRUST,
        folder.resolve("ca.pem").toString());
  }

  private void issue(String name, String usage, String alternative) {
    openssl(
        "req -new " + KEY + " -keyout " + name + ".key -out " + name + ".csr",
        "-addext extendedKeyUsage=" + usage + " -addext subjectAltName=" + alternative);
    openssl(
        "x509 -req -in " + name + ".csr -out " + name + ".pem -CA ca.pem -CAkey ca.key",
        "-CAcreateserial -days 2 -copy_extensions copy");
    try {
      Files.setPosixFilePermissions(
          folder.resolve(name + ".key"), PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void openssl(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Peers.require("openssl").toString()));
    command.addAll(List.of(String.join(" ", arguments).split(" ")));
    try (ChildProcess openssl = ChildProcess.start(command, Map.of(), Optional.of(folder))) {
      int exitCode = openssl.awaitExit(SOON);
      new ChildProcess.Result(exitCode, openssl.stdout(), openssl.stderr()).orFail();
    }
  }
}
