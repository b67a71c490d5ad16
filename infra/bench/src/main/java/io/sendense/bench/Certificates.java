package io.sendense.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A CA of the bench's own, a server for localhost and a client, made once in its folder. */
final class Certificates {
  private static final String SCRIPT =
      """
      set -euo pipefail
      mkdir "$1.making" && cd "$1.making"
      openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=bench-ca -keyout ca-key.pem -out ca-cert.pem
      for who in server client; do
        openssl req -newkey rsa:2048 -nodes -subj /CN=$who -keyout $who-key.pem -out $who.csr
        openssl x509 -req -in $who.csr -CA ca-cert.pem -CAkey ca-key.pem -CAcreateserial -days 3650 \
          -extfile <(echo subjectAltName=DNS:localhost) -out $who-cert.pem
      done
      chmod 600 ./*-key.pem
      mv "$1.making" "$1"
      """;

  private Certificates() {}

  static Path folder(Path folder) {
    return folder.resolve("certificates");
  }

  static void make(Processes processes, Path folder) {
    if (!Files.exists(folder(folder))) {
      processes.run(List.of("bash", "-c", SCRIPT, "certificates", folder(folder).toString()));
    }
  }
}
