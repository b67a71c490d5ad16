package io.sendense.recovery.machine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.work.Run;
import io.sendense.recovery.work.WorkPlace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A running throw-away machine. What it writes goes to overlays in its work place; closing ends it.
 * For one thread at a time, which must be the platform thread that started it: the machine dies
 * with that thread.
 */
public final class ThrowAway implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration MONITOR = Duration.ofSeconds(10);
  private static final long SCREEN_BYTES = 64 << 20;
  private static final Pattern FORWARD =
      Pattern.compile("TCP\\[([A-Z_0-9]+)]\\s+\\d+\\s+127\\.0\\.0\\.1\\s+(\\d+)\\s+\\S+\\s+(\\d+)");

  private final WorkPlace place;
  private final Process process;
  private final Console console;
  private final Run.Tail errors = new Run.Tail();
  private final JsonPeer monitor;
  private final GuestAgent agent;

  private ThrowAway(
      WorkPlace place, Process process, Console console, Listener monitor, Listener agent) {
    this.place = place;
    this.process = process;
    this.console = console;
    console.drain(process.getInputStream());
    errors.drain(process.getErrorStream());
    try {
      this.agent = new GuestAgent(new JsonPeer(agent.accept(START, process::isAlive)));
      this.monitor = new JsonPeer(monitor.accept(START, process::isAlive));
    } catch (SendenseException e) {
      process.destroyForcibly();
      throw new SendenseException(
          e.code(),
          String.valueOf(e.getMessage()) + ": " + Console.plain(errors.text()),
          "Check that this host's QEMU can be started.",
          e);
    }
    ask("qmp_capabilities");
  }

  /** Where the NBD server of the disks must listen before a machine is started in a place. */
  public static Path socket(WorkPlace place) {
    return place.folder().resolve(CommandLine.NBD_SOCKET);
  }

  /**
   * Starts a machine.
   *
   * @throws SendenseException MISSING_TOOL, INTERNAL with QEMU's own words
   */
  public static ThrowAway start(
      WorkPlace place, Shape shape, Accelerator accelerator, Console console) {
    place.give(socket(place));
    long longest = shape.scratchBytes() + (64L << 20);
    for (int i = 0; i < shape.disks().size(); i++) {
      Run made =
          Run.of(
              place,
              WorkPlace.Bounds.files(longest),
              START,
              List.of(
                  "qemu-img",
                  "create",
                  "-q",
                  "-f",
                  "qcow2",
                  CommandLine.overlay(i),
                  Long.toString(shape.disks().get(i).sizeBytes())));
      if (made.exitCode() != 0) {
        throw new SendenseException(
            ErrorCode.INTERNAL,
            "no overlay for disk " + i + ": " + made.output(),
            "Install qemu-utils, and check the space in " + place.folder() + ".");
      }
    }
    if (shape.firmware() == Shape.Firmware.UEFI) {
      copyVariables(place);
    }
    try (Listener monitor = new Listener(place, CommandLine.MONITOR_SOCKET);
        Listener agent = new Listener(place, CommandLine.AGENT_SOCKET)) {
      Process process =
          place.start(
              new WorkPlace.Bounds(longest, accelerator.group(), true),
              CommandLine.of(shape, accelerator));
      return new ThrowAway(place, process, console, monitor, agent);
    }
  }

  public Console console() {
    return console;
  }

  public GuestAgent agent() {
    return agent;
  }

  /** Why the machine is not running any more; empty while it is. */
  public Optional<String> ended() {
    if (!process.isAlive()) {
      String said = Console.plain(errors.text());
      return Optional.of(
          "QEMU ended with " + process.exitValue() + (said.isEmpty() ? "" : ": " + said));
    }
    String status = ask("query-status").map(all -> all.path("status").asString("")).orElse("");
    return switch (status) {
      case "guest-panicked" -> Optional.of("the guest's kernel panicked");
      case "shutdown" -> Optional.of("the guest switched itself off");
      case "internal-error", "io-error" -> Optional.of("QEMU stopped with " + status);
      default -> Optional.empty();
    };
  }

  /** The port of this host's loopback address behind which a port of the guest is. */
  public Optional<Integer> forwarded(int guestPort) {
    return connections().stream()
        .filter(line -> line.guestPort == guestPort && line.state.equals("HOST_FORWARD"))
        .map(Line::hostPort)
        .findFirst();
  }

  /**
   * Whether the guest itself has accepted a connection to one of its ports. QEMU accepts on this
   * side before it asks the guest, so that a connection alone proves nothing.
   */
  public boolean established(int guestPort) {
    return connections().stream()
        .anyMatch(line -> line.guestPort == guestPort && line.state.equals("ESTABLISHED"));
  }

  /**
   * What the guest shows.
   *
   * @param format {@code png} or {@code ppm}
   * @return empty where QEMU gives no picture
   */
  public Optional<byte[]> screen(String format) {
    Optional<JsonNode> answer =
        monitor.ask(
            "screendump",
            JsonPeer.object().put("filename", "screen").put("format", format),
            MONITOR);
    if (answer.isEmpty() || answer.get().has("error")) {
      return Optional.empty();
    }
    Path made = place.inside().resolve("screen");
    try {
      BasicFileAttributes is =
          Files.readAttributes(made, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!is.isRegularFile() || is.size() > SCREEN_BYTES) {
        return Optional.empty();
      }
      // Opened without following a link that was put there since.
      try (InputStream in =
          Files.newInputStream(made, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(in.readNBytes((int) SCREEN_BYTES));
      } finally {
        Files.deleteIfExists(made);
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    monitor.close();
    agent.close();
  }

  private Optional<JsonNode> ask(String command) {
    return monitor.ask(command, JsonPeer.object(), MONITOR).map(answer -> answer.path("return"));
  }

  private record Line(String state, int hostPort, int guestPort) {}

  private List<Line> connections() {
    String text =
        monitor
            .ask(
                "human-monitor-command",
                JsonPeer.object().put("command-line", "info usernet"),
                MONITOR)
            .map(answer -> answer.path("return").asString(""))
            .orElse("");
    List<Line> lines = new ArrayList<>();
    Matcher matcher = FORWARD.matcher(text);
    while (matcher.find()) {
      lines.add(
          new Line(
              matcher.group(1),
              Integer.parseInt(matcher.group(2)),
              Integer.parseInt(matcher.group(3))));
    }
    return lines;
  }

  private static void copyVariables(WorkPlace place) {
    Path to = place.inside().resolve(CommandLine.VARIABLES);
    try {
      Files.copy(Path.of(CommandLine.firmware().getLast()), to);
      place.give(to);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NO_SPACE, "the firmware's variables cannot be copied: " + e, "", e);
    }
  }
}
