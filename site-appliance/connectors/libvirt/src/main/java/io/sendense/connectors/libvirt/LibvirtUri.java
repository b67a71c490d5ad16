package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a libvirt daemon is: {@code qemu:///system}, {@code qemu:///session}, either with {@code
 * ?socket=PATH}, {@code qemu+ssh://user@host/system}, {@code qemu+tls://host/system}.
 *
 * @param host empty for a daemon on this machine
 */
public record LibvirtUri(String text, Optional<String> host) {
  private static final Set<String> SCHEMES =
      Set.of("qemu", "qemu+unix", "qemu+ssh", "qemu+libssh2", "qemu+libssh", "qemu+tls");

  /**
   * @throws SendenseException BAD_ARGUMENT, also for connections that are not encrypted
   */
  public static LibvirtUri parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw bad(text, "is no URI: " + e.getMessage());
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme();
    if (scheme.equals("qemu+tcp")) {
      throw bad(text, "is neither encrypted nor authenticated");
    }
    if (!SCHEMES.contains(scheme)) {
      throw bad(text, "does not name a QEMU driver of libvirt");
    }
    if (uri.getRawUserInfo() != null && uri.getRawUserInfo().contains(":")) {
      throw bad("the libvirt URI given", "holds a password");
    }
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    if (query.contains("no_verify=") || query.contains("command=") || query.contains("netcat=")) {
      throw bad(text, "sets no_verify, command or netcat, which are not allowed here");
    }
    if (!"/system".equals(uri.getPath()) && !"/session".equals(uri.getPath())) {
      throw bad(text, "names neither /system nor /session");
    }
    Optional<String> host = Optional.ofNullable(uri.getHost()).filter(h -> !h.isEmpty());
    if (host.filter(h -> h.startsWith("-")).isPresent()
        || String.valueOf(uri.getRawUserInfo()).startsWith("-")) {
      throw bad(text, "names a host or user that ssh would take for an option");
    }
    boolean ssh = scheme.contains("ssh");
    if ((ssh || scheme.equals("qemu+tls")) && host.isEmpty()) {
      throw bad(text, "names no host, or one with characters that no host name has");
    }
    if (ssh && !query.contains("no_tty=")) {
      // An ssh that asks for a password on the terminal would hang a job.
      return new LibvirtUri(text + (query.isEmpty() ? "?" : "&") + "no_tty=1", host);
    }
    return new LibvirtUri(text, host);
  }

  /** Whether paths that libvirt names are paths of this machine. */
  boolean isLocal() {
    return host.isEmpty();
  }

  /** Whether it is the daemon of the whole machine. */
  boolean isSystem() {
    return "/system".equals(URI.create(text).getPath());
  }

  /** The socket that is named, if one is. */
  Optional<Path> socket() {
    return parameter("socket").map(Path::of);
  }

  private Optional<String> parameter(String name) {
    String query = URI.create(text).getRawQuery();
    return Arrays.stream(query == null ? new String[0] : query.split("&", -1))
        .filter(part -> part.startsWith(name + "="))
        .map(part -> URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8))
        .findFirst();
  }

  /** Whether the host is reached by ssh. */
  boolean isSsh() {
    return URI.create(text).getScheme().contains("ssh");
  }

  /** The words that make ssh connect to the same host in the same way, without the host. */
  List<String> sshOptions() {
    List<String> options = new ArrayList<>();
    URI uri = URI.create(text);
    if (uri.getPort() >= 0) {
      options.addAll(List.of("-p", Integer.toString(uri.getPort())));
    }
    parameter("keyfile").ifPresent(file -> options.addAll(List.of("-i", file)));
    return options;
  }

  /** As ssh takes it. */
  String sshDestination() {
    String user = URI.create(text).getRawUserInfo();
    return (user == null ? "" : user + "@") + host.orElseThrow();
  }

  private static SendenseException bad(String text, String why) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        text + " " + why,
        "Use qemu:///system, qemu:///session, qemu+ssh://USER@HOST/system or"
            + " qemu+tls://HOST/system.");
  }
}
