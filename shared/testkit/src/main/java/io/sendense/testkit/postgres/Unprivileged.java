package io.sendense.testkit.postgres;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs a command as somebody other than root, because PostgreSQL refuses root. For root that is a
 * user namespace of its own where the kernel allows one, else the user {@code nobody}; anybody else
 * runs it directly.
 */
final class Unprivileged {
  private static final Duration PROBE = Duration.ofSeconds(10);
  private static final String NOBODY = "65534";

  private final List<String> prefix;
  private final boolean chown;

  private Unprivileged(List<String> prefix, boolean chown) {
    this.prefix = prefix;
    this.chown = chown;
  }

  /** The way that works here, tried on the server program itself. */
  static Unprivileged here(Path binaries, Path home) {
    if (!"root".equals(System.getProperty("user.name"))) {
      return new Unprivileged(List.of(), false);
    }
    String probe = binaries.resolve("bin/postgres").toString();
    Optional<Path> unshare = Peers.find("unshare");
    if (unshare.isPresent()) {
      Unprivileged namespace = new Unprivileged(List.of(unshare.get().toString(), "-U"), false);
      if (namespace.works(probe)) {
        return namespace;
      }
    }
    Optional<Path> setpriv = Peers.find("setpriv");
    if (setpriv.isPresent()) {
      Unprivileged nobody =
          new Unprivileged(
              List.of(
                  setpriv.get().toString(),
                  "--reuid=" + NOBODY,
                  "--regid=" + NOBODY,
                  "--clear-groups"),
              true);
      nobody.own(home);
      if (nobody.works(probe)) {
        return nobody;
      }
    }
    throw new SendenseException(
        ErrorCode.MISSING_TOOL,
        "PostgreSQL does not run as root, and neither unshare -U nor setpriv could run "
            + probe
            + " as somebody else",
        "Run as a user other than root, keep the folder where every user may enter, or give the"
            + " address of a PostgreSQL of your own.");
  }

  List<String> command(List<String> command) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(command);
    return all;
  }

  /** Hands a file or folder, with all in it, to the user that the command runs as. */
  void own(Path path) {
    if (chown) {
      ChildProcess.run(PROBE, "chown", "-R", NOBODY + ":" + NOBODY, path.toString()).orFail();
    }
  }

  private boolean works(String program) {
    return ChildProcess.run(PROBE, command(List.of(program, "--version"))).exitCode() == 0;
  }
}
