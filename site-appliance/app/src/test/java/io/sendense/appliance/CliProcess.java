package io.sendense.appliance;

import io.sendense.appliance.cli.InProcess;
import io.sendense.testkit.ChildProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The real command line as a child process, with the class path and key of these tests. */
public final class CliProcess {
  private CliProcess() {}

  public static ChildProcess start(Path folder, Object... arguments) {
    return ChildProcess.start(command(folder, arguments), environment(folder), Optional.empty());
  }

  /** Where the child keeps its state: the same as {@link InProcess}. */
  public static Map<String, String> environment(Path folder) {
    return Map.of("XDG_STATE_HOME", folder.resolve("xdg").toString());
  }

  public static List<String> command(Path folder, Object... arguments) {
    List<String> command = commandWithoutKey(arguments);
    command.addAll(List.of("--key-file", InProcess.keyFile(folder).toString()));
    return command;
  }

  /** The same for a command that names its key itself. */
  public static List<String> commandWithoutKey(Object... arguments) {
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
