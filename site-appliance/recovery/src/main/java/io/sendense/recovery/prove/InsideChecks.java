package io.sendense.recovery.prove;

import io.sendense.recovery.machine.Console;
import io.sendense.recovery.machine.ThrowAway;
import io.sendense.recovery.work.Pause;
import io.sendense.recovery.work.Run;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The checks of a machine that has booted. */
final class InsideChecks {
  private static final long POLL_MILLIS = 200;
  private static final Duration AGENT = Duration.ofSeconds(2);

  private final ThrowAway machine;
  private final GuestPorts ports;
  private final List<Integer> forwarded;
  private final Map<String, String> facts;
  private final BooleanSupplier cancelled;

  /**
   * @param forwarded all ports of the guest that may be reached
   * @param facts for scripts, as their environment
   */
  InsideChecks(
      ThrowAway machine,
      GuestPorts ports,
      List<Integer> forwarded,
      Map<String, String> facts,
      BooleanSupplier cancelled) {
    this.machine = machine;
    this.ports = ports;
    this.forwarded = forwarded;
    this.facts = facts;
    this.cancelled = cancelled;
  }

  /** Tries until it passes, until the machine ends, or until the time is up. */
  Finding make(Check check, long end) throws InterruptedException {
    if (check.what() instanceof Check.Script script) {
      return script(script, end);
    }
    while (true) {
      Finding last = once(check.what());
      boolean over = System.nanoTime() >= end || cancelled.getAsBoolean();
      if (last.verdict() == Verdict.PASSED || over) {
        return last;
      }
      Optional<String> ended = machine.ended();
      if (ended.isPresent()) {
        return new Finding(Verdict.START_FAILED, ended.get());
      }
      Pause.millis(POLL_MILLIS);
    }
  }

  private Finding once(Check.What what) throws InterruptedException {
    return switch (what) {
      case Check.Agent _ ->
          machine.agent().answers(AGENT)
              ? Finding.passed(machine.agent().system())
              : new Finding(Verdict.NOT_FOUND, "no guest agent answers");
      case Check.Network _ -> network();
      case Check.Tcp tcp -> onPort(tcp.number(), _ -> Finding.passed("open"));
      case Check.Http http ->
          onPort(
              http.number(),
              socket -> HttpProbe.finding(HttpProbe.get(socket, http.path()), http.status()));
      case Check.App app ->
          onPort(
              app.number(),
              switch (app.application()) {
                case POSTGRESQL -> DatabaseProbe::postgresql;
                case MYSQL -> DatabaseProbe::mysql;
                case NGINX -> socket -> HttpProbe.nginx(HttpProbe.get(socket, "/"));
              });
      default -> throw new IllegalArgumentException(what.toString());
    };
  }

  private Finding network() {
    if (!machine.agent().answers(AGENT)) {
      return new Finding(Verdict.NOT_FOUND, "no guest agent answers that knows addresses");
    }
    List<String> addresses = machine.agent().addresses();
    return addresses.isEmpty()
        ? new Finding(Verdict.TEST_FAILED, "the guest has no address")
        : Finding.passed(String.join(", ", addresses));
  }

  private interface Probe {
    Finding ask(Socket socket) throws IOException;
  }

  private Finding onPort(int port, Probe probe) throws InterruptedException {
    Optional<Socket> open = ports.connect(port);
    if (open.isEmpty()) {
      return new Finding(
          Verdict.PORT_CHECK_FAILED, "the guest does not accept connections on port " + port);
    }
    try (Socket socket = open.get()) {
      return probe.ask(socket);
    } catch (IOException e) {
      return new Finding(Verdict.TEST_FAILED, "no whole answer on port " + port);
    }
  }

  /** The site's own program, as this user; what it needs of the guest is in its environment. */
  private Finding script(Check.Script script, long end) {
    ProcessBuilder builder = new ProcessBuilder(script.file().toString());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("SENDENSE_"));
    environment.putAll(new HashMap<>(facts));
    for (int port : forwarded) {
      machine
          .forwarded(port)
          .ifPresent(at -> environment.put("SENDENSE_PORT_" + port, Integer.toString(at)));
    }
    try {
      Run run =
          Run.finish(
              builder.start(),
              script.file().toString(),
              Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      String said = Console.plain(run.output().lines().reduce("", (_, line) -> line));
      return run.exitCode() == 0
          ? Finding.passed(said.isEmpty() ? "exit code 0" : said)
          : new Finding(
              Verdict.TEST_FAILED,
              "exit code " + run.exitCode() + (said.isEmpty() ? "" : ": " + said));
    } catch (IOException e) {
      return new Finding(Verdict.NOT_FOUND, "the script cannot be started: " + e.getMessage());
    }
  }
}
