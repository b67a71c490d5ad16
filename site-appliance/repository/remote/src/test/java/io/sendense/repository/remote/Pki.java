package io.sendense.repository.remote;

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

/** A CA made by openssl, and what it issues. */
final class Pki {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";

  private final Path folder;

  private Pki(Path folder) {
    this.folder = folder;
  }

  /** A CA; all of them have the same name. */
  static Pki make(Path folder) {
    try {
      Pki pki = new Pki(Files.createDirectories(folder));
      if (Files.exists(pki.trust())) {
        return pki;
      }
      pki.openssl(
          "req -x509 " + KEY + " -days 2 -subj /CN=ca -keyout ca.key -out ca.pem",
          "-addext keyUsage=critical,keyCertSign");
      return pki;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TlsIdentity server(String names) {
    return issue("server", "serverAuth", names);
  }

  TlsIdentity client(String name) {
    return issue(name, "clientAuth", "DNS:" + name);
  }

  Path trust() {
    return folder.resolve("ca.pem");
  }

  /** A certificate of this CA, trusting it. */
  private TlsIdentity issue(String name, String usage, String names) {
    Path certificate = folder.resolve(name + ".pem");
    Path key = folder.resolve(name + ".key");
    if (!Files.exists(certificate)) {
      openssl(
          "req -new " + KEY + " -subj /CN=x -keyout " + name + ".key -out " + name + ".csr",
          "-addext extendedKeyUsage=" + usage + " -addext subjectAltName=" + names);
      openssl(
          "x509 -req -in " + name + ".csr -out " + name + ".pem -CA ca.pem -CAkey ca.key",
          "-CAcreateserial -days 2 -copy_extensions copy");
      try {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new TlsIdentity(certificate, key, trust());
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
