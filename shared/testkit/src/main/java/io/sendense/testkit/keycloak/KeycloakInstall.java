package io.sendense.testkit.keycloak;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The distribution, unpacked and built once per cache folder, and how to run it. */
final class KeycloakInstall {
  /** What the build fixes; a start must not ask for anything else. */
  private static final Map<String, String> BUILD =
      Map.of("KC_DB", "dev-file", "KC_HEALTH_ENABLED", "false", "KC_METRICS_ENABLED", "false");

  private final Path folder;

  private KeycloakInstall(Path folder) {
    this.folder = folder;
  }

  /** The installation in the cache, made if it is not there. */
  static KeycloakInstall in(Path cache, Path zip, Duration deadline) {
    Path ready = cache.resolve("keycloak");
    if (!Files.isDirectory(ready)) {
      if (!Files.isRegularFile(zip)) {
        throw new SendenseException(
            ErrorCode.MISSING_TOOL,
            "the Keycloak distribution is not at " + zip,
            "Build shared/testkit, which copies it there.");
      }
      try {
        Files.createDirectories(cache);
        Path fresh = Files.createTempDirectory(cache, "unpacking");
        unzip(zip, fresh);
        new KeycloakInstall(fresh).build(deadline);
        if (!Folders.moveIfAbsent(fresh, ready)) {
          Folders.delete(fresh);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("could not unpack " + zip, e);
      }
    }
    return new KeycloakInstall(ready);
  }

  /** Starts the server; its settings, secrets among them, go by environment, never by argument. */
  ChildProcess start(Map<String, String> settings) {
    List<String> command = java("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC");
    command.addAll(List.of("start", "--optimized"));
    return ChildProcess.start(command, environment(settings), Optional.of(folder));
  }

  private void build(Duration deadline) {
    List<String> command = java("-Xmx768m", "-XX:+UseSerialGC");
    command.add("build");
    try (ChildProcess build =
        ChildProcess.start(command, environment(Map.of()), Optional.of(folder))) {
      int exit = build.awaitExit(deadline);
      if (exit != 0) {
        throw new SendenseException(
            ErrorCode.INTERNAL,
            "Keycloak's own build ended with " + exit + ": " + build.stdout() + build.stderr(),
            "Mend what its last lines name.");
      }
    }
  }

  private List<String> java(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.base/java.security=ALL-UNNAMED",
            "-Duser.language=en",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
            "-Dquarkus-log-max-startup-records=10000",
            "-Dpicocli.disable.closures=true",
            "-Dkc.home.dir=" + folder,
            "-Djboss.server.config.dir=" + folder.resolve("conf"),
            "-cp",
            folder.resolve("lib/quarkus-run.jar").toString(),
            "io.quarkus.bootstrap.runner.QuarkusEntryPoint"));
    return command;
  }

  private static Map<String, String> environment(Map<String, String> settings) {
    Map<String, String> all = new java.util.HashMap<>(BUILD);
    all.put("JAVA_TOOL_OPTIONS", "");
    all.putAll(settings);
    return all;
  }

  /** Unpacks without the outermost folder, which carries the version. */
  private static void unzip(Path zip, Path folder) throws IOException {
    Path target = folder.toAbsolutePath().normalize();
    try (ZipFile file = new ZipFile(zip.toFile())) {
      for (Enumeration<? extends ZipEntry> all = file.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        int slash = entry.getName().indexOf('/');
        Path path = target.resolve(entry.getName().substring(slash + 1)).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("the zip holds a path outside of itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else {
          Files.createDirectories(path.getParent());
          Files.copy(file.getInputStream(entry), path);
        }
      }
    }
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
