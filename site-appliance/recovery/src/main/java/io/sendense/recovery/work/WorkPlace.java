package io.sendense.recovery.work;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A taken place: a folder that is ours ({@link #folder}), one inside it that the unprivileged
 * programs own ({@link #inside}), and a way to start these. Closing kills them and removes both.
 *
 * <p>Nothing in {@code inside} may be trusted: its owner runs what a guest may have taken over.
 */
public final class WorkPlace implements AutoCloseable {
  private static final long KILL_SECONDS = 10;
  private static final String PROCESSES = "processes";

  private final Path folder;
  private final FileChannel lock;
  private final OptionalInt user;

  WorkPlace(Path folder, int number, FileChannel lock) throws IOException {
    this.folder = folder;
    this.lock = lock;
    this.user = Users.of(number);
    clear();
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Files.createDirectory(inside());
    Files.setPosixFilePermissions(inside(), PosixFilePermissions.fromString("rwx------"));
    give(inside());
  }

  public Path folder() {
    return folder;
  }

  public Path inside() {
    return folder.resolve("in");
  }

  /** Makes a file or socket of ours that of the unprivileged user. */
  public void give(Path path) {
    try {
      if (user.isPresent()) {
        Users.own(path, user.getAsInt());
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL, path + " cannot be given to another user: " + e.getMessage(), "", e);
    }
  }

  /** Gives a folder and all in it away. */
  public void giveTree(Path top) {
    try (Stream<Path> files = Files.walk(top)) {
      files.forEach(this::give);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL, top + " cannot be given to another user: " + e.getMessage(), "", e);
    }
  }

  /**
   * Starts a program as the unprivileged user, in {@link #inside}, with an empty environment and
   * its outputs as pipes. It dies with the thread that called this, however that ends.
   *
   * @param bounds what it may use
   * @throws SendenseException MISSING_TOOL
   */
  public Process start(Bounds bounds, List<String> command) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("/usr/bin/setpriv", "--no-new-privs", "--pdeathsig", "SIGKILL"));
    if (user.isPresent()) {
      String id = Integer.toString(user.getAsInt());
      all.addAll(List.of("--reuid", id, "--regid", id));
      all.addAll(
          bounds.group().isPresent()
              ? List.of("--groups", Integer.toString(bounds.group().getAsInt()))
              : List.of("--clear-groups"));
      all.add("--inh-caps=-all");
    }
    all.addAll(
        List.of(
            "--",
            "/usr/bin/prlimit",
            "--core=0",
            "--nofile=1024",
            "--fsize=" + bounds.fileBytes(),
            "--"));
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all).directory(inside().toFile());
    builder.environment().clear();
    builder
        .environment()
        .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("HOME", inside().toString());
    try {
      Process process = builder.start();
      if (user.isEmpty()) {
        record(process);
      }
      return process;
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL,
          command.getFirst() + " cannot be started: " + e.getMessage(),
          "Install util-linux and the program itself.",
          e);
    }
  }

  /**
   * @param fileBytes the longest file that it may write
   * @param group an additional group of its user, for a device it needs
   * @param network whether it sees this host's networks; taken from it only where we are root
   */
  public record Bounds(long fileBytes, OptionalInt group, boolean network) {
    public static Bounds files(long bytes) {
      return new Bounds(bytes, OptionalInt.empty(), false);
    }
  }

  /** Kills what was started here, removes the folder and gives the place back. */
  @Override
  public void close() {
    try (lock) {
      clear();
    } catch (IOException e) {
      System.getLogger(WorkPlace.class.getName())
          .log(System.Logger.Level.WARNING, "the work place " + folder + " was not cleared", e);
    }
  }

  private void clear() throws IOException {
    List<ProcessHandle> left = user.isPresent() ? Users.processes(user.getAsInt()) : recorded();
    for (ProcessHandle process : left) {
      process.destroyForcibly();
    }
    for (ProcessHandle process : left) {
      try {
        process.onExit().get(KILL_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
        throw new IOException("process " + process.pid() + " does not end", e);
      }
    }
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A process id alone could by now be somebody else's; with its start it is not. */
  private void record(Process process) throws IOException {
    process
        .toHandle()
        .info()
        .startInstant()
        .ifPresent(
            start -> {
              try {
                Files.writeString(
                    folder.resolve(PROCESSES),
                    process.pid() + " " + start.toEpochMilli() + "\n",
                    java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
  }

  private List<ProcessHandle> recorded() throws IOException {
    Path file = folder.resolve(PROCESSES);
    if (!Files.exists(file)) {
      return List.of();
    }
    List<ProcessHandle> found = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(" ", -1);
      if (parts.length == 2) {
        ProcessHandle.of(Long.parseLong(parts[0]))
            .filter(
                process ->
                    process
                        .info()
                        .startInstant()
                        .filter(start -> start.toEpochMilli() == Long.parseLong(parts[1]))
                        .isPresent())
            .ifPresent(found::add);
      }
    }
    return found;
  }
}
