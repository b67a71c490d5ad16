package io.sendense.appliance.cli;

import io.sendense.appliance.CliProcess;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A SoftHSM2 token in a folder, and the command line run with it as a process of its own. */
public final class TokenDesk {
  public static final String PIN = "4711";
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final List<Path> LIBRARIES =
      List.of(
          Path.of("/usr/lib/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib64/pkcs11/libsofthsm2.so"));

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final Path library;

  /** What a command gave back. */
  public record Answer(int code, String err) {}

  public TokenDesk(Path folder) {
    this.folder = folder;
    Peers.require("softhsm2-util");
    Peers.require("pkcs11-tool");
    library = LIBRARIES.stream().filter(Files::exists).findFirst().orElseThrow();
    try {
      Path tokens = Files.createDirectory(folder.resolve("tokens"));
      Path configuration = folder.resolve("softhsm2.conf");
      Files.writeString(configuration, "directories.tokendir = " + tokens + "\n");
      environment.putAll(CliProcess.environment(folder));
      environment.put("SOFTHSM2_CONF", configuration.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    tool("softhsm2-util", "--init-token", "--free", "--label", "t", "--so-pin", PIN, "--pin", PIN);
  }

  public Path repository() {
    return folder.resolve("repository");
  }

  /** An AES-256 key that never leaves the token. */
  public void makeKey(String label) {
    tool(
        "pkcs11-tool",
        "--module",
        library.toString(),
        "--login",
        "--pin",
        PIN,
        "--keygen",
        "--key-type",
        "AES:32",
        "--label",
        label,
        "--sensitive");
  }

  public Answer run(String label, String pin, Object... arguments) {
    List<String> command = new ArrayList<>(CliProcess.commandWithoutKey(arguments));
    command.addAll(List.of("--pkcs11", "pkcs11:object=" + label + "?module-path=" + library));
    Map<String, String> all = new HashMap<>(environment);
    all.put("SENDENSE_PKCS11_PIN", pin);
    return answer(command, all);
  }

  private void tool(String... command) {
    Answer answer = answer(List.of(command), environment);
    if (answer.code() != 0) {
      throw new AssertionError(String.join(" ", command) + "\n" + answer.err());
    }
  }

  private static Answer answer(List<String> command, Map<String, String> environment) {
    try (ChildProcess process = ChildProcess.start(command, environment, Optional.empty())) {
      int code = process.awaitExit(LIMIT);
      return new Answer(code, process.stderr());
    }
  }
}
