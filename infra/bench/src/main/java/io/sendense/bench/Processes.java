package io.sendense.bench;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs programs to their end under {@code time}, in one folder, with one environment. */
final class Processes {
  private static final long PATIENCE_MINUTES = 60;
  private static final Pattern INNER = Pattern.compile("(?m)^seconds (\\d+\\.\\d+)$");

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  Processes(Path folder) {
    this.folder = folder;
    environment.put("SENDENSE_PASSPHRASE", "bench-passphrase");
    environment.put("SENDENSE_STORE_CERT", Certificates.folder(folder) + "/client-cert.pem");
    environment.put("SENDENSE_STORE_KEY", Certificates.folder(folder) + "/client-key.pem");
    environment.put("SENDENSE_STORE_TRUST", Certificates.folder(folder) + "/ca-cert.pem");
    environment.put("RESTIC_PASSWORD", "bench");
    environment.put("BORG_PASSPHRASE", "bench");
    environment.put("KOPIA_PASSWORD", "bench");
    environment.put("KOPIA_CHECK_FOR_UPDATES", "false");
    environment.put("BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK", "yes");
    environment.put("BORG_RELOCATED_REPO_ACCESS_IS_OK", "yes");
    environment.put("BORG_BASE_DIR", folder.resolve("borg-base").toString());
    environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    environment.put("XDG_CONFIG_HOME", folder.resolve("config").toString());
  }

  private record Started(Process process, Path output) {}

  /** A program that must succeed and is not timed; returns what it printed. */
  String run(List<String> command) {
    return finish(command, start(command, folder));
  }

  /** A program whose whole life is timed. */
  Sample time(List<String> command) {
    return time(command, folder);
  }

  Sample time(List<String> command, Path directory) {
    Path figures = folder.resolve("time.out");
    List<String> timed = new ArrayList<>(List.of("time", "-f", "%U %S %M", "-o"));
    timed.add(figures.toString());
    timed.addAll(command);
    long begin = System.nanoTime();
    String output = finish(command, start(timed, directory));
    double wall = (System.nanoTime() - begin) / 1e9;
    try {
      String[] words = Files.readString(figures).strip().split(" ");
      Matcher inner = INNER.matcher(output);
      return new Sample(
          wall,
          Double.parseDouble(words[0]) + Double.parseDouble(words[1]),
          Double.parseDouble(words[2]) / 1024,
          inner.find() ? Double.parseDouble(inner.group(1)) : wall);
    } catch (IOException e) {
      throw failed(command, e.toString());
    }
  }

  /** A server that runs until it is closed; returns once {@code socket} is there. */
  Server serve(List<String> command, Path socket) {
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw failed(command, e.toString());
    }
    Server server = new Server(start(command, folder).process(), socket);
    server.awaitSocket();
    return server;
  }

  /** A server on a port of this machine; returns once it can be connected to. */
  Server serve(List<String> command, int port) {
    Server server = new Server(start(command, folder).process(), folder.resolve("none.sock"));
    server.awaitPort(port);
    return server;
  }

  private Started start(List<String> command, Path directory) {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Path output = Files.createTempFile(folder, "output-", ".txt");
      return new Started(builder.redirectOutput(output.toFile()).start(), output);
    } catch (IOException e) {
      throw failed(command, e.toString());
    }
  }

  private static String finish(List<String> command, Started started) {
    try {
      if (!started.process().waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        started.process().destroyForcibly();
        throw failed(command, "it did not end within " + PATIENCE_MINUTES + " minutes");
      }
      String output = Files.readString(started.output());
      Files.delete(started.output());
      if (started.process().exitValue() != 0) {
        throw failed(command, "exit " + started.process().exitValue() + "\n" + output);
      }
      return output;
    } catch (InterruptedException e) {
      started.process().destroyForcibly();
      Thread.currentThread().interrupt();
      throw failed(command, "interrupted");
    } catch (IOException e) {
      throw failed(command, e.toString());
    }
  }

  private static SendenseException failed(List<String> command, String why) {
    return new SendenseException(
        ErrorCode.INTERNAL,
        String.join(" ", command) + " failed: " + why,
        "Run it by hand; the bench's folder was left as it is.");
  }
}
