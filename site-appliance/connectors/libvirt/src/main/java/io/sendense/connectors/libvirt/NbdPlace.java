package io.sendense.connectors.libvirt;

import io.sendense.nbd.NbdUri;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where QEMU serves the frozen disks. */
sealed interface NbdPlace {
  /** What libvirt is told. */
  String serverXml();

  /** How our client reaches the export of a disk. */
  NbdUri uri(String export);

  /** A socket in a folder that both QEMU and this process reach. */
  record Unix(Path socket) implements NbdPlace {
    @Override
    public String serverXml() {
      return "<server transport='unix' socket='" + Xml.escape(socket.toString()) + "'/>";
    }

    @Override
    public NbdUri uri(String export) {
      return NbdUri.unix(socket, export);
    }
  }

  /**
   * A socket on the host of QEMU, and the one here that ssh leads to it.
   *
   * @param there its path on that host
   */
  record Forwarded(Path there, Path here) implements NbdPlace {
    @Override
    public String serverXml() {
      return new Unix(there).serverXml();
    }

    @Override
    public NbdUri uri(String export) {
      return NbdUri.unix(here, export);
    }
  }

  /**
   * A port of the host, by TLS with client certificates only: without them anybody who reaches the
   * port could read the disks.
   *
   * @param certificates folder with ca-cert.pem, client-cert.pem and client-key.pem
   */
  record Tls(String host, int port, Path certificates) implements NbdPlace {
    @Override
    public String serverXml() {
      return "<server transport='tcp' tls='yes' name='"
          + Xml.escape(host)
          + "' port='"
          + port
          + "'/>";
    }

    @Override
    public NbdUri uri(String export) {
      return NbdUri.parse(
          "nbds://"
              + host
              + ":"
              + port
              + "/"
              + URLEncoder.encode(export, StandardCharsets.UTF_8)
              + "?tls-certificates="
              + URLEncoder.encode(certificates.toString(), StandardCharsets.UTF_8));
    }
  }
}
