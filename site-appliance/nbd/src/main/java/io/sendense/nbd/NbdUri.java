package io.sendense.nbd;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an NBD export is, by the NBD project's URI convention.
 *
 * <pre>
 * nbd://HOST[:PORT]/EXPORT                  TCP, port 10809 unless given
 * nbds://HOST[:PORT]/EXPORT                 the same over TLS
 * nbd+unix:///EXPORT?socket=PATH            Unix-domain socket
 * nbds+unix://[HOST]/EXPORT?socket=PATH     the same over TLS; HOST is the name in the certificate
 * </pre>
 *
 * <p>Further parameters: {@code tls-certificates=FOLDER} holds {@code ca-cert.pem} and, where the
 * server asks for a client certificate, {@code client-cert.pem} and {@code client-key.pem}. {@code
 * meta-context=NAME} is ours: the block-status context, such as {@code qemu:dirty-bitmap:b0}, that
 * says what has changed. Parsing is strict: what is not understood is refused.
 *
 * @param host host name or address without brackets; for a Unix socket the name expected in the
 *     server's certificate, {@code localhost} unless given
 * @param port TCP port; 0 for a Unix socket
 * @param socket path of the Unix socket, if it is one
 * @param export name of the export, decoded; empty is the server's default export
 * @param tls whether the connection must be TLS; it is never tried without, nor plain
 * @param certificates folder of the TLS files; empty for the system's trust store and no client
 *     certificate
 */
public record NbdUri(
    String host,
    int port,
    Optional<Path> socket,
    String export,
    boolean tls,
    Optional<Path> certificates,
    Optional<String> metaContext) {
  private static final int DEFAULT_PORT = 10809;
  // The protocol's own limit for any string.
  static final int MAX_STRING_BYTES = 4096;
  private static final String REMEDY =
      "Write it as nbd://HOST:PORT/EXPORT or nbd+unix:///EXPORT?socket=PATH (nbds for TLS).";

  public NbdUri {
    if (export.getBytes(StandardCharsets.UTF_8).length > MAX_STRING_BYTES) {
      throw refused("an export name has at most " + MAX_STRING_BYTES + " bytes");
    }
  }

  /** Whether a disk is named by an NBD URI rather than a path. */
  public static boolean looksLike(String text) {
    return text.startsWith("nbd:")
        || text.startsWith("nbds:")
        || text.startsWith("nbd+")
        || text.startsWith("nbds+");
  }

  /** An export of a server on a Unix socket, without TLS. */
  public static NbdUri unix(Path socket, String export) {
    return new NbdUri(
        "localhost", 0, Optional.of(socket), export, false, Optional.empty(), Optional.empty());
  }

  /** An export of a server on TCP, without TLS. */
  public static NbdUri tcp(String host, int port, String export) {
    return new NbdUri(
        host, port, Optional.empty(), export, false, Optional.empty(), Optional.empty());
  }

  /**
   * Parses a URI.
   *
   * @throws SendenseException BAD_ARGUMENT that says which part was not understood
   */
  public static NbdUri parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw refused("\"" + text + "\" is not a URI: " + e.getReason());
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    boolean unix = scheme.endsWith("+unix");
    boolean tls = scheme.startsWith("nbds");
    if (!scheme.matches("nbds?(\\+unix)?")) {
      throw refused("\"" + text + "\" has the scheme \"" + scheme + "\", not one of NBD");
    }
    if (uri.isOpaque() || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
      throw refused("\"" + text + "\" has a fragment, a user or no // after the scheme");
    }
    Map<String, String> parameters = parameters(uri.getRawQuery(), text);
    Optional<Path> socket = Optional.ofNullable(parameters.remove("socket")).map(NbdUri::path);
    Optional<Path> certificates =
        Optional.ofNullable(parameters.remove("tls-certificates")).map(NbdUri::path);
    Optional<String> metaContext = Optional.ofNullable(parameters.remove("meta-context"));
    if (!parameters.isEmpty()) {
      throw refused("\"" + text + "\" has unknown parameters " + parameters.keySet());
    }
    if (unix != socket.isPresent()) {
      throw refused("\"" + text + "\": socket=PATH belongs to +unix schemes, and only there");
    }
    if (certificates.isPresent() && !tls) {
      throw refused("\"" + text + "\" names TLS certificates but its scheme is without TLS");
    }
    String host = uri.getHost() == null ? "" : uri.getHost().replaceAll("^\\[|\\]$", "");
    if (host.isEmpty() && (!unix || !uriAuthority(uri).isEmpty())) {
      throw refused("\"" + text + "\" names no usable host");
    }
    if (unix && uri.getPort() != -1) {
      throw refused("\"" + text + "\" has a port and a socket");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw refused("\"" + text + "\" has a port that is not within 1 to 65535");
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return new NbdUri(
        host.isEmpty() ? "localhost" : host,
        unix ? 0 : uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort(),
        socket,
        decode(path.startsWith("/") ? path.substring(1) : path),
        tls,
        certificates,
        metaContext);
  }

  /** Where it is, for messages: without parameters that the reader does not need. */
  @Override
  public String toString() {
    String scheme = tls ? "nbds" : "nbd";
    return socket
        .map(path -> scheme + "+unix:///" + export + "?socket=" + path)
        .orElseGet(
            () ->
                scheme
                    + "://"
                    + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
                    + ":"
                    + port
                    + "/"
                    + export);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw refused("\"" + text + "\" is not a path: " + e.getReason());
    }
  }

  private static String uriAuthority(URI uri) {
    return uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
  }

  private static Map<String, String> parameters(@Nullable String query, String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals <= 0 || equals == part.length() - 1) {
        throw refused("\"" + text + "\" has the parameter \"" + part + "\" without name or value");
      }
      String name = decode(part.substring(0, equals));
      if (parameters.put(name, decode(part.substring(equals + 1))) != null) {
        throw refused("\"" + text + "\" gives the parameter " + name + " twice");
      }
    }
    return parameters;
  }

  /** Percent-decoding only: a plus sign is a plus sign in a URI. */
  private static String decode(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static SendenseException refused(String what) {
    return new SendenseException(ErrorCode.BAD_ARGUMENT, what + ".", REMEDY);
  }
}
