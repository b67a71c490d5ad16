package io.sendense.demo;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code ./sendense up} was asked for.
 *
 * @param root the checkout
 * @param once end after the story instead of staying up
 * @param json where to write the report as one JSON document
 * @param state where this run keeps its servers' data
 * @param dbUrl a PostgreSQL to use instead of the embedded one, as a JDBC URL without credentials;
 *     see {@link ExternalDatabase}
 * @param port of the portal; 0 takes the usual one where it is free
 * @param linkPort of the link for appliances; 0 takes the usual one where it is free
 */
record UpOptions(
    Path root,
    boolean once,
    Optional<Path> json,
    Path state,
    Optional<String> dbUrl,
    int port,
    int linkPort) {

  static UpOptions parse(String[] args) {
    Path root = Path.of("").toAbsolutePath();
    boolean once = false;
    Optional<Path> json = Optional.empty();
    Optional<Path> state = Optional.empty();
    Optional<String> dbUrl = Optional.empty();
    int port = 0;
    int linkPort = 0;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--once" -> once = true;
        case "--root" -> root = Path.of(value(args, i++)).toAbsolutePath();
        case "--json" -> json = Optional.of(Path.of(value(args, i++)).toAbsolutePath());
        case "--state" -> state = Optional.of(Path.of(value(args, i++)).toAbsolutePath());
        case "--db-url" -> dbUrl = Optional.of(value(args, i++));
        case "--port" -> port = port(args, i++);
        case "--link-port" -> linkPort = port(args, i++);
        default -> throw bad("up knows no option \"" + args[i] + "\"");
      }
    }
    Path folder = state.orElse(root.resolve(".sendense").resolve("up"));
    if (port != 0 && port == linkPort) {
      throw bad("--port and --link-port are the same, " + port);
    }
    return new UpOptions(root, once, json, folder, dbUrl, port, linkPort);
  }

  private static String value(String[] args, int i) {
    if (i + 1 >= args.length) {
      throw bad(args[i] + " needs a value");
    }
    return args[i + 1];
  }

  private static int port(String[] args, int i) {
    String text = value(args, i);
    if (text.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(text);
      if (port > 0 && port < 65_536) {
        return port;
      }
    }
    throw bad(args[i] + " needs a port from 1 to 65535, not \"" + text + "\"");
  }

  private static SendenseException bad(String what) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        what,
        "Usage: ./sendense up [--once] [--json FILE] [--state DIR] [--db-url JDBC-URL]"
            + " [--port N] [--link-port N]");
  }
}
