package io.sendense.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Certificates made by openssl: a CA of its own, a server for localhost and a client. */
public final class TlsFolder {
  private static final Duration SOON = Duration.ofSeconds(30);

  private TlsFolder() {}

  public static Path make(Path folder) {
    try {
      Files.createDirectories(folder);
      run(
          folder,
          "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=ca"
              + " -keyout ca-key.pem -out ca-cert.pem -addext keyUsage=critical,keyCertSign");
      issue(folder, "server", "serverAuth", "DNS:localhost,IP:127.0.0.1");
      issue(folder, "client", "clientAuth", "DNS:appliance");
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Turns the client's key into the older PKCS#1 form. */
  public static void useOldKeyForm(Path folder) throws IOException {
    run(folder, "genrsa -traditional -out client-key.pem 2048");
    run(
        folder,
        "req -new -key client-key.pem -subj /CN=client -out client.csr"
            + " -addext extendedKeyUsage=clientAuth");
    sign(folder, "client");
  }

  /** Gives the client an Ed25519 key and a certificate for it. */
  public static void useEdwardsKey(Path folder) {
    run(
        folder,
        "req -new -newkey ed25519 -nodes -keyout client-key.pem -out client.csr -subj /CN=client"
            + " -addext extendedKeyUsage=clientAuth -addext keyUsage=digitalSignature");
    sign(folder, "client");
  }

  private static void issue(Path folder, String name, String usage, String names) {
    run(
        folder,
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN="
            + name
            + (" -keyout " + name + "-key.pem -out " + name + ".csr")
            + (" -addext extendedKeyUsage=" + usage)
            + (" -addext subjectAltName=" + names)
            + " -addext keyUsage=digitalSignature");
    sign(folder, name);
  }

  private static void sign(Path folder, String name) {
    run(
        folder,
        ("x509 -req -in " + name + ".csr -out " + name + "-cert.pem")
            + " -CA ca-cert.pem -CAkey ca-key.pem -CAcreateserial -days 2 -copy_extensions copy");
  }

  private static void run(Path folder, String arguments) {
    List<String> command = new ArrayList<>(List.of(Peers.require("openssl").toString()));
    command.addAll(List.of(arguments.split(" ")));
    try (ChildProcess openssl =
        ChildProcess.start(command, java.util.Map.of(), java.util.Optional.of(folder))) {
      int exitCode = openssl.awaitExit(SOON);
      new ChildProcess.Result(exitCode, openssl.stdout(), openssl.stderr()).orFail();
    }
  }
}
