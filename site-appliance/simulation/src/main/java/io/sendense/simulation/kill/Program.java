package io.sendense.simulation.kill;

import io.sendense.testkit.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The appliance's command line, with a key and a state of its own in a folder.
 *
 * @param words of the command line up to the first argument
 */
public record Program(List<String> words, Path folder) {
  public Program {
    words = List.copyOf(words);
  }

  public Path keyFile() {
    Path file = folder.resolve("key");
    try {
      if (!Files.exists(file)) {
        Files.write(file, new byte[32]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(words);
    command.addAll(List.of(arguments));
    command.addAll(List.of("--key-file", keyFile().toString()));
    return command;
  }

  public Map<String, String> environment() {
    return Map.of("XDG_STATE_HOME", folder.resolve("xdg").toString());
  }

  public ChildProcess.Result run(Duration limit, String... arguments) {
    try (ChildProcess child =
        ChildProcess.start(command(arguments), environment(), Optional.empty())) {
      int code = child.awaitExit(limit);
      return new ChildProcess.Result(code, child.stdout(), child.stderr());
    }
  }
}
