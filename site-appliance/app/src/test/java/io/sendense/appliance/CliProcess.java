package io.sendense.appliance;

import io.sendense.appliance.cli.InProcess;
import io.sendense.testkit.ChildProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The real command line as a child process, with the class path of these tests. */
public final class CliProcess {
  private CliProcess() {}

  public static ChildProcess start(Path folder, Object... arguments) {
    return ChildProcess.start(command(arguments), environment(folder), Optional.empty());
  }

  /** Where the child looks for its key and its state: the same as {@link InProcess}. */
  static Map<String, String> environment(Path folder) {
    return Map.of(
        "SENDENSE_PASSPHRASE",
        InProcess.PASSPHRASE,
        "XDG_STATE_HOME",
        folder.resolve("xdg").toString());
  }

  static List<String> command(Object... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.sendense.appliance.Main"));
    Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
    return command;
  }
}
