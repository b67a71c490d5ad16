package io.sendense.simulation.recovery;

import io.sendense.simulation.kill.Program;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs commands and kills who is meant, by process id.
 *
 * @param work folder of the machines of proofs
 */
record Hands(Program program, LibvirtServer server, Path work) {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final Pattern SERVER = Pattern.compile("\"serverPid\":([0-9]+)");

  /** Runs a command and kills somebody in its phase; waits for its end. */
  boolean kill(Blow blow, long delay, String machine, String... arguments) {
    // Asked before: to ask takes longer than some phases.
    Optional<Long> serving = blow.victim() == Blow.Victim.SERVER ? serving() : Optional.empty();
    try (ChildProcess child =
        ChildProcess.start(program.command(arguments), program.environment(), Optional.empty())) {
      child.awaitOutput("phase " + blow.phase() + "\\b", LONG);
      LockSupport.parkNanos(delay);
      boolean hit = child.isAlive() && kill(blow.victim(), machine, Optional.of(child), serving);
      int unused = child.awaitExit(LONG);
      return hit;
    }
  }

  /**
   * Kills now; false where the victim is not there.
   *
   * @param machine whose QEMU is meant; empty for that of a proof
   */
  boolean kill(
      Blow.Victim victim, String machine, Optional<ChildProcess> command, Optional<Long> serving) {
    switch (victim) {
      case APPLIANCE -> command.orElseThrow().kill();
      case SERVER -> {
        Optional<Long> pid = serving.or(this::serving);
        pid.ifPresent(Hands::end);
        return pid.isPresent();
      }
      case LIBVIRT -> {
        server.killDaemon();
        server.startAgain();
      }
      case QEMU -> {
        Optional<Long> proof = machine.isEmpty() ? proofs().stream().findFirst() : Optional.empty();
        if (machine.isEmpty()) {
          proof.ifPresent(Hands::end);
          return proof.isPresent();
        }
        server.killQemu(machine);
      }
    }
    return true;
  }

  /** The serving process, where one runs. */
  private Optional<Long> serving() {
    Matcher pid = SERVER.matcher(recoveries());
    return pid.find() ? Optional.of(Long.parseLong(pid.group(1))) : Optional.empty();
  }

  void endServing() {
    serving().ifPresent(Hands::end);
  }

  private static void end(long pid) {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    boolean unused = process.destroyForcibly();
    process.onExit().orTimeout(STOP.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Machines of proofs, by where they run. */
  private List<Long> proofs() {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(
            pid -> {
              try {
                return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).startsWith(work)
                    && Files.readString(Path.of("/proc/" + pid + "/comm")).startsWith("qemu-sys");
              } catch (IOException gone) {
                return false;
              }
            })
        .toList();
  }

  void awaitNoProofs() {
    server.await("the end of all proofs' machines", STOP, () -> proofs().isEmpty());
  }

  String recoveries() {
    return succeed("instant", "list", "--json");
  }

  String state(String machine) {
    return server.virsh("domstate", machine).strip();
  }

  String succeed(String... arguments) {
    ChildProcess.Result result = program.run(LONG, arguments);
    same(
        result.exitCode() == 0,
        String.join(" ", arguments) + ": " + result.exitCode() + "\n" + result.stderr());
    return result.stdout();
  }

  static void same(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
