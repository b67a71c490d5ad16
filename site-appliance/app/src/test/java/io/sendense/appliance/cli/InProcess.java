package io.sendense.appliance.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands in this process, with a folder of its own for everything. */
public final class InProcess {
  /** A key file saves the second that a passphrase's stretching takes. */
  private static final byte[] KEY = new byte[32];

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private InstantSource clock = InstantSource.system();

  public InProcess(Path folder) {
    this.folder = folder;
    keyFile(folder);
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

  /** The key of every test, in the folder. */
  public static Path keyFile(Path folder) {
    Path file = folder.resolve("key");
    try {
      if (!Files.exists(file)) {
        Files.write(file, KEY);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on the passphrase is used instead of the key file. */
  public void passphrase(String value) {
    environment.put(KeyOption.VARIABLE, value);
  }

  /** From now on the code of a recovery sheet is used instead of the key file. */
  public void recoveryCode(String code) {
    environment.put(KeyOption.RECOVERY_VARIABLE, code);
  }

  /** From now on a variable of the environment. */
  public void environment(Map<String, String> more) {
    environment.putAll(more);
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
    List<String> texts = new ArrayList<>(Arrays.stream(arguments).map(String::valueOf).toList());
    boolean given =
        environment.containsKey(KeyOption.VARIABLE)
            || environment.containsKey(KeyOption.RECOVERY_VARIABLE)
            || texts.contains("--pkcs11");
    if (!given && !texts.contains("--key-file")) {
      texts.addAll(List.of("--key-file", keyFile(folder).toString()));
    }
    return bare(texts.toArray());
  }

  /** Without a key, for commands that take none. */
  public Result bare(Object... arguments) {
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
    int code =
        Cli.run(surroundings, Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
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
