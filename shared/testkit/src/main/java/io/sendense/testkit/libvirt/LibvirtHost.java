package io.sendense.testkit.libvirt;

import io.sendense.testkit.TlsFolder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * As what host the daemon appears.
 *
 * @param name seen by it and its machines alone; empty for this machine's own
 * @param uuid empty for this machine's own
 * @param tlsPort where it listens for {@code qemu+tls} on the loopback device; 0 for nowhere
 * @param certificates folder of {@link TlsFolder}, also for exports by NBD
 */
public record LibvirtHost(
    Optional<String> name, Optional<String> uuid, int tlsPort, Optional<Path> certificates) {
  /** This very machine. */
  public static final LibvirtHost THIS =
      new LibvirtHost(Optional.empty(), Optional.empty(), 0, Optional.empty());

  /** As on a machine of its own; that takes root, and skips the test without. */
  public static LibvirtHost other(String name, String uuid) {
    return new LibvirtHost(Optional.of(name), Optional.of(uuid), 0, Optional.empty());
  }

  /** Reached by TLS. */
  public static LibvirtHost tls(int port, Path certificates) {
    return new LibvirtHost(Optional.empty(), Optional.empty(), port, Optional.of(certificates));
  }

  String daemonLines(Path own) {
    StringBuilder lines = new StringBuilder();
    uuid.ifPresent(it -> lines.append("host_uuid=\"").append(it).append("\"\n"));
    certificates.ifPresent(
        _ ->
            lines.append(
                """
                listen_tls=1
                listen_addr="127.0.0.1"
                tls_port="%d"
                ca_file="%2$s/ca-cert.pem"
                cert_file="%2$s/server-cert.pem"
                key_file="%2$s/server-key.pem"
                """
                    .replace("%2$s", own.toString())
                    .formatted(tlsPort)));
    return lines.toString();
  }

  String machineLines(Path own) {
    return certificates
        .map(_ -> "backup_tls_x509_cert_dir=\"" + own + "\"\nbackup_tls_x509_verify=1\n")
        .orElse("");
  }
}
