package io.sendense.recovery;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The file systems' own tools. */
final class Tools {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private Tools() {}

  /** Runs a tool, or skips the test where it is missing; what it wrote on standard output. */
  static String run(String tool, Object... arguments) {
    List<String> command = new ArrayList<>(List.of(Peers.require(tool).toString()));
    Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
    return ChildProcess.run(DEADLINE, command).orFail().stdout();
  }
}
