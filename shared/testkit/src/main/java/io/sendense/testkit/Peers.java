package io.sendense.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * Finds the real tools that tests talk to. A tool that is not there skips the test on a person's
 * machine and fails it where the environment says {@code CI=true}, so that CI never passes by
 * leaving tests out.
 */
public final class Peers {
  private static final List<String> USUAL_FOLDERS =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private Peers() {}

  /**
   * The tool's path.
   *
   * @throws AssertionError where it is missing and {@code CI=true}; elsewhere the test is aborted
   *     and counted as skipped
   */
  public static Path require(String tool) {
    return require(tool, System.getenv());
  }

  /**
   * Returns where the tests run as root; elsewhere as {@link #require} with a missing tool.
   *
   * @param what needs it
   */
  public static void requireRoot(String what) {
    need("root".equals(System.getProperty("user.name")), what + " takes root", System.getenv());
  }

  /** As {@link #require} with a file that a package brings. */
  public static void requireFile(Path file, String debianPackage) {
    need(Files.exists(file), file + " of " + debianPackage + " is not there", System.getenv());
  }

  /** The tool's path, if it is on {@code PATH} or in one of the usual folders. */
  public static Optional<Path> find(String tool) {
    return find(tool, System.getenv());
  }

  static Path require(String tool, Map<String, String> environment) {
    Optional<Path> found = find(tool, environment);
    need(found.isPresent(), "the tool " + tool + " is not installed", environment);
    return found.orElseThrow();
  }

  static void need(boolean there, String otherwise, Map<String, String> environment) {
    if (there) {
      return;
    }
    if ("true".equals(environment.get("CI"))) {
      throw new AssertionError(otherwise + ", and CI=true does not allow to leave its tests out");
    }
    Assumptions.abort(otherwise);
  }

  static Optional<Path> find(String tool, Map<String, String> environment) {
    List<String> folders =
        new ArrayList<>(
            List.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)));
    folders.addAll(USUAL_FOLDERS);
    return folders.stream()
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
