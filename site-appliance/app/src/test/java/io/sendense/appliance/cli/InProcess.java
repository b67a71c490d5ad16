package io.sendense.appliance.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands in this process, with a folder of its own for everything. */
public final class InProcess {
  public static final String PASSPHRASE = "correct horse battery staple";

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private InstantSource clock = InstantSource.system();

  public InProcess(Path folder) {
    this.folder = folder;
    environment.put(KeyOption.VARIABLE, PASSPHRASE);
    environment.put("XDG_STATE_HOME", folder.resolve("xdg").toString());
  }

  /** What a command gave back. */
  public record Result(int code, String out, String err) {
    public Result succeeded() {
      if (code != 0) {
        throw new AssertionError("exit code " + code + "\n" + out + err);
      }
      return this;
    }
  }

  public void passphrase(String value) {
    environment.put(KeyOption.VARIABLE, value);
  }

  public void clock(InstantSource other) {
    clock = other;
  }

  public Path folder() {
    return folder;
  }

  public Path repository() {
    return folder.resolve("repository");
  }

  public Result run(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings =
        new Surroundings(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            clock,
            new SecureRandom(),
            false);
    String[] texts = Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new);
    int code = Cli.run(surroundings, texts);
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A command on this folder's repository. */
  public Result on(String command, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of(command, "--repository", repository()));
    arguments.addAll(Arrays.asList(more));
    return run(arguments.toArray());
  }
}
