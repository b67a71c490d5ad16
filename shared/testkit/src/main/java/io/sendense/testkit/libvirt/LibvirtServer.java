package io.sendense.testkit.libvirt;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Folders;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A libvirt daemon with folders of its own, which touches nothing of the host. In session mode, run
 * as root, it gives up root, because a privileged daemon would use the host's configuration; in
 * system mode it is one, in a mount namespace. Its machines are processes that outlive the daemon;
 * closing kills those of this folder.
 */
public final class LibvirtServer implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Path folder;
  private final boolean root;
  private final LibvirtHost host;
  private final boolean system;
  private ChildProcess daemon;

  private LibvirtServer(Path folder, boolean root, LibvirtHost host, boolean system) {
    this.folder = folder;
    this.root = root;
    this.host = host;
    this.system = system;
    this.daemon = launch();
  }

  /** Starts it; a missing program skips the test, or fails it where CI=true. */
  public static LibvirtServer start() {
    return start(LibvirtHost.THIS);
  }

  /** Starts the one of the whole machine, as root; its QEMUs are nobody's. */
  public static LibvirtServer startSystem() {
    Peers.requireRoot("the libvirt daemon of a whole machine");
    Peers.require("unshare");
    return start(LibvirtHost.THIS, true);
  }

  /** Starts it as that host. */
  public static LibvirtServer start(LibvirtHost host) {
    return start(host, false);
  }

  private static LibvirtServer start(LibvirtHost host, boolean system) {
    for (String tool : List.of("libvirtd", "virsh", "qemu-system-x86_64", "qemu-img")) {
      Peers.require(tool);
    }
    try {
      // QEMU's sockets lie deep below it, and their paths have to be short.
      Path folder = Files.createTempDirectory(Path.of("/tmp"), "lv");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      boolean root = "root".equals(System.getProperty("user.name"));
      if (root) {
        Peers.require("setpriv");
      }
      Files.createDirectories(folder.resolve("c/libvirt"));
      Files.writeString(
          folder.resolve("c/libvirt/qemu.conf"),
          "stdio_handler = \"file\"\n"
              + (system ? "user = \"nobody\"\ngroup = \"+65534\"\nnamespaces = []\n" : "")
              + host.machineLines(folder.resolve("tls")));
      Files.writeString(
          folder.resolve("libvirtd.conf"),
          "unix_sock_dir=\""
              + folder
              + "/r/libvirt\"\nauth_unix_rw=\"none\"\n"
              + host.daemonLines(folder.resolve("tls")));
      for (String name : List.of("h", "r/libvirt", "k", "d", "v")) {
        Files.createDirectories(folder.resolve(name));
      }
      host.certificates().ifPresent(it -> Folders.copy(it, folder.resolve("tls")));
      return new LibvirtServer(folder, root, host, system);
    } catch (IOException e) {
      throw new UncheckedIOException("the daemon's folder could not be made", e);
    }
  }

  private ChildProcess launch() {
    own(system ? folder() : folder);
    List<String> command = new LibvirtCommand(folder, root, system).words(host);
    Map<String, String> environment =
        Map.of(
            "HOME", folder.resolve("h").toString(),
            "XDG_RUNTIME_DIR", folder.resolve("r").toString(),
            "XDG_CONFIG_HOME", folder.resolve("c").toString(),
            "XDG_CACHE_HOME", folder.resolve("k").toString());
    ChildProcess child = ChildProcess.start(command, environment, Optional.of(folder));
    child.awaitFile(socket(), DEADLINE);
    return child;
  }

  private Path socket() {
    return folder.resolve("r/libvirt/libvirt-sock");
  }

  /** To connect to it with. */
  public String uri() {
    return "qemu:///" + (system ? "system" : "session") + "?socket=" + socket();
  }

  /** A folder that the daemon and its machines may write; its path is short. */
  public Path folder() {
    return folder.resolve("d");
  }

  /** Hands a file or folder, with all in it, to the user that the daemon runs as. */
  public void own(Path path) {
    if (root) {
      ChildProcess.run(
              DEADLINE,
              "chown",
              "-R",
              LibvirtCommand.NOBODY + ":" + LibvirtCommand.NOBODY,
              path.toString())
          .orFail();
    }
  }

  /** What virsh prints; an error of it is one of the test. */
  public String virsh(String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Peers.require("virsh").toString(), "-q", "-c", uri()));
    command.addAll(Arrays.asList(arguments));
    return ChildProcess.run(DEADLINE, command).orFail().stdout();
  }

  /** Whether virsh succeeded. */
  public boolean tryVirsh(String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Peers.require("virsh").toString(), "-q", "-c", uri()));
    command.addAll(Arrays.asList(arguments));
    return ChildProcess.run(DEADLINE, command).exitCode() == 0;
  }

  /** Polls until the condition holds; the daemon's own log is in the error. */
  public void await(String what, Duration deadline, BooleanSupplier condition) {
    daemon.await(what, deadline, condition);
  }

  /** Defines a machine, which is not yet to start it. */
  public void define(String xml) {
    try {
      Path file = Files.createTempFile(folder.resolve("d"), "machine", ".xml");
      Files.writeString(file, xml);
      virsh("define", file.toString());
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a network known, which is not to start it. */
  public void defineNetwork(String name) {
    try {
      Path file = Files.createTempFile(folder.resolve("d"), "network", ".xml");
      Files.writeString(file, "<network><name>" + name + "</name><bridge name='sd0'/></network>");
      virsh("net-define", file.toString());
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The QEMU of a running machine. */
  public ProcessHandle qemu(String machine) {
    try {
      long pid = Long.parseLong(Files.readString(pidFile(machine)).strip());
      return ProcessHandle.of(pid).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("machine " + machine + " does not run", e);
    }
  }

  private Path run() {
    return folder.resolve(system ? "r/libvirt/qemu" : "r/libvirt/qemu/run");
  }

  private Path pidFile(String machine) {
    return run().resolve(machine + ".pid");
  }

  /** Kills QEMU as a power cut would, and returns when the daemon has noticed. */
  public void killQemu(String machine) {
    ProcessHandle qemu = qemu(machine);
    qemu.destroyForcibly();
    daemon.await(
        "the end of machine " + machine,
        DEADLINE,
        () -> !qemu.isAlive() && !virsh("list", "--name").lines().toList().contains(machine));
  }

  /** Returns when a file, such as a machine's console, holds a match. */
  public void awaitText(Path file, String regex, Duration deadline) {
    Pattern pattern = Pattern.compile(regex);
    daemon.await(regex + " in " + file, deadline, () -> pattern.matcher(textOf(file)).find());
  }

  private static String textOf(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns when virsh says so of a machine, such as {@code paused (I/O error)}. */
  public void awaitState(String machine, String state, Duration deadline) {
    daemon.await(
        machine + " " + state,
        deadline,
        () -> virsh("domstate", "--reason", machine).strip().equals(state));
  }

  /** Kills the daemon; its machines run on. */
  public void killDaemon() {
    daemon.kill();
  }

  /** Stops it in its tracks: it accepts connections and answers nothing. */
  public void stopResponding() {
    ChildProcess.run(DEADLINE, "kill", "-STOP", Long.toString(daemon.pid())).orFail();
  }

  /** Starts it again after {@link #killDaemon}. */
  public void startAgain() {
    try {
      Files.deleteIfExists(socket());
      Files.deleteIfExists(folder.resolve("pid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon.close();
    daemon = launch();
  }

  @Override
  public void close() {
    daemon.close();
    Path run = run();
    if (Files.isDirectory(run)) {
      try (Stream<Path> files = Files.list(run)) {
        files.filter(file -> file.toString().endsWith(".pid")).forEach(LibvirtServer::kill);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    Folders.delete(folder);
  }

  private static void kill(Path pidFile) {
    try {
      Optional<ProcessHandle> qemu =
          ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
              .filter(handle -> handle.info().command().orElse("").contains("qemu-system"));
      if (qemu.isPresent()) {
        qemu.get().destroyForcibly();
        qemu.get().onExit().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the machine of " + pidFile + " does not die", e);
    }
  }
}
