package io.sendense.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * A real program as a child of this process. Its output is drained and the newest part kept; every
 * wait has a deadline and ends at once when the child has died; closing kills it with everything it
 * started, and so does the end of this process. Thread-safe.
 */
public final class ChildProcess implements AutoCloseable {
  private static final Set<ChildProcess> RUNNING = ConcurrentHashMap.newKeySet();
  private static final long POLL_MILLIS = 10;
  private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(ChildProcess::killTree), "end-children"));
  }

  private final String name;
  private final Process process;
  private final Object arrival = new Object();
  private final ChildOutput stdout = new ChildOutput(arrival);
  private final ChildOutput stderr = new ChildOutput(arrival);
  private final List<Thread> drains;

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.drains =
        List.of(
            stdout.drain(process.getInputStream(), name + "-stdout"),
            stderr.drain(process.getErrorStream(), name + "-stderr"));
  }

  /** How a run that came to its end came to it. */
  public record Result(int exitCode, String stdout, String stderr) {
    /** Itself where the exit code is 0; otherwise an {@link AssertionError} with the output. */
    public Result orFail() {
      if (exitCode != 0) {
        throw new AssertionError("exit code " + exitCode + "\n" + stdout + stderr);
      }
      return this;
    }
  }

  public static ChildProcess start(String... command) {
    return start(List.of(command), Map.of(), Optional.empty());
  }

  public static ChildProcess start(List<String> command) {
    return start(command, Map.of(), Optional.empty());
  }

  /**
   * Starts a program.
   *
   * @param environment added to this process's own
   * @param folder to run in; empty for this process's own
   */
  public static ChildProcess start(
      List<String> command, Map<String, String> environment, Optional<Path> folder) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.directory(folder.map(Path::toFile).orElse(null));
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    try {
      ChildProcess child =
          new ChildProcess(Path.of(command.getFirst()).getFileName() + "", builder.start());
      RUNNING.add(child);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("could not start " + command.getFirst(), e);
    }
  }

  /** Runs a program to its end. It is killed, and an error thrown, when the deadline passes. */
  public static Result run(Duration deadline, String... command) {
    return run(deadline, List.of(command));
  }

  /** Runs a program to its end. It is killed, and an error thrown, when the deadline passes. */
  public static Result run(Duration deadline, List<String> command) {
    try (ChildProcess child = start(command)) {
      int exitCode = child.awaitExit(deadline);
      return new Result(exitCode, child.stdout(), child.stderr());
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The newest part, at least 1 MiB of it, of what came on standard output so far. */
  public String stdout() {
    return stdout.text();
  }

  /** The newest part, at least 1 MiB of it, of what came on standard error so far. */
  public String stderr() {
    return stderr.text();
  }

  /** Returns when one of the two outputs holds a match of the regular expression. */
  public void awaitOutput(String regex, Duration deadline) {
    Pattern pattern = Pattern.compile(regex);
    await(
        "output matching " + regex,
        deadline,
        () -> pattern.matcher(stdout()).find() || pattern.matcher(stderr()).find());
  }

  /** Returns when a file of this name, such as a socket or a pid file, is there. */
  public void awaitFile(Path file, Duration deadline) {
    await("file " + file, deadline, () -> Files.exists(file));
  }

  /** Returns when something on the loopback address accepts connections on the port. */
  public void awaitPort(int port, Duration deadline) {
    await("port " + port, deadline, () -> accepts(port));
  }

  /**
   * Returns when {@code condition} holds; it is asked every 10 ms and whenever output arrives.
   *
   * @throws AssertionError with the output so far, when the deadline passes or the child dies first
   */
  public void await(String what, Duration deadline, BooleanSupplier condition) {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      boolean alive = process.isAlive();
      if (condition.getAsBoolean()) {
        return;
      }
      if (!alive) {
        joinDrains();
        if (condition.getAsBoolean()) {
          return;
        }
        throw failed("ended with exit code " + process.exitValue() + " before " + what);
      }
      if (System.nanoTime() - end >= 0) {
        throw failed("did not show " + what + " within " + deadline);
      }
      synchronized (arrival) {
        try {
          arrival.wait(POLL_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw failed("interrupted while waiting for " + what);
        }
      }
    }
  }

  /**
   * The exit code, once the child has ended by itself.
   *
   * @throws AssertionError with the output so far, when the deadline passes first
   */
  public int awaitExit(Duration deadline) {
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed("did not end within " + deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("interrupted while waiting for the end");
    }
    joinDrains();
    return process.exitValue();
  }

  /** Kills with SIGKILL, as a crash would, and returns when the child is gone. */
  public void kill() {
    killTree();
    awaitExit(KILL_DEADLINE);
  }

  /** Asks the child to end (SIGTERM). */
  public void terminate() {
    process.destroy();
  }

  /** Kills the child and everything it started. May be called twice. */
  @Override
  public void close() {
    killTree();
    try {
      if (!process.waitFor(KILL_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        throw failed("did not die of SIGKILL within " + KILL_DEADLINE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    RUNNING.remove(this);
  }

  private void killTree() {
    List<ProcessHandle> tree = process.descendants().toList();
    process.destroyForcibly();
    tree.forEach(ProcessHandle::destroyForcibly);
  }

  private void joinDrains() {
    try {
      for (Thread drain : drains) {
        // A grandchild that inherited the pipe may hold it open; what is there by then is enough.
        boolean ended = drain.join(Duration.ofSeconds(1));
        if (!ended) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private AssertionError failed(String what) {
    return new AssertionError(name + " " + what + "; its output:\n" + stdout() + stderr());
  }
}
