package io.sendense.appliance.cli;

import io.sendense.appliance.store.RepositoryUrl;
import io.sendense.appliance.store.StoreAccess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a command takes from the process it runs in, so that tests can give their own.
 *
 * @param out for results only
 * @param err for progress, warnings and errors
 * @param environment such as SENDENSE_PASSPHRASE
 * @param terminal whether {@code err} is watched by a person
 */
public record Surroundings(
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    InstantSource clock,
    SecureRandom random,
    boolean terminal) {

  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /** The store that a name means, with the credentials of this environment. */
  RepositoryUrl store(String name) {
    return RepositoryUrl.parse(name, environment);
  }

  /** How a command opens stores. */
  StoreAccess access() {
    return StoreAccess.unlimited(random);
  }

  public static Surroundings ofThisProcess() {
    return new Surroundings(
        System.out,
        System.err,
        System.getenv(),
        InstantSource.system(),
        new SecureRandom(),
        standardErrorIsTerminal());
  }

  /** The JDK tells only whether standard input and output are a terminal; Linux tells the rest. */
  private static boolean standardErrorIsTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
