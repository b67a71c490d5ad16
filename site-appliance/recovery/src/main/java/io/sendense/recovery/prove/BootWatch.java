package io.sendense.recovery.prove;

import io.sendense.recovery.machine.ThrowAway;
import io.sendense.recovery.work.Pause;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Watches a machine until it is clear whether it has booted. */
final class BootWatch {
  private static final long POLL_MILLIS = 100;
  private static final int ASK_EVERY = 10;
  private static final Duration AGENT = Duration.ofMillis(300);
  private static final int STILL = 3;

  private final ThrowAway machine;
  private final GuestPorts ports;
  private final List<Integer> wanted;
  private final BooleanSupplier cancelled;
  private byte[] picture = new byte[0];
  private int still;

  /**
   * @param wanted ports of the guest any of which shows by being open that it has booted
   */
  BootWatch(ThrowAway machine, GuestPorts ports, List<Integer> wanted, BooleanSupplier cancelled) {
    this.machine = machine;
    this.ports = ports;
    this.wanted = wanted;
    this.cancelled = cancelled;
  }

  /** Waits, at most until a moment of {@link System#nanoTime}. */
  Finding await(Check.What how, long end) throws InterruptedException {
    for (long round = 0; System.nanoTime() < end && !cancelled.getAsBoolean(); round++) {
      Optional<String> stuck =
          machine.ended().or(() -> machine.console().stuck().map(line -> "console: " + line));
      if (stuck.isPresent()) {
        return new Finding(Verdict.START_FAILED, stuck.get());
      }
      Optional<Finding> booted = signal(how, round);
      if (booted.isPresent()) {
        return booted.get();
      }
      Pause.millis(POLL_MILLIS);
    }
    return new Finding(Verdict.TIMED_OUT, "no sign of a system that has started");
  }

  private Optional<Finding> signal(Check.What how, long round) throws InterruptedException {
    return switch (how) {
      case Check.BootText(String text) ->
          machine.console().marked()
              ? Optional.of(Finding.passed("\"" + text + "\" on the console"))
              : Optional.empty();
      case Check.BootScreen _ -> round % ASK_EVERY == 0 ? screen() : Optional.empty();
      default -> any(round);
    };
  }

  private Optional<Finding> any(long round) throws InterruptedException {
    if (machine.console().login()) {
      return Optional.of(Finding.passed("login prompt on the console"));
    }
    if (round % ASK_EVERY != 0) {
      return Optional.empty();
    }
    if (machine.agent().answers(AGENT)) {
      return Optional.of(Finding.passed("the guest agent answers"));
    }
    for (int port : wanted) {
      Optional<Socket> open = ports.connect(port);
      if (open.isPresent()) {
        try (Socket _ = open.get()) {
          return Optional.of(Finding.passed("port " + port + " is open"));
        } catch (IOException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Finding> screen() {
    byte[] now = machine.screen("ppm").orElse(new byte[0]);
    still = Screen.shows(now) && Screen.same(picture, now) ? still + 1 : 0;
    picture = now;
    return still >= STILL
        ? Optional.of(Finding.passed("a picture that stays, see screen.png"))
        : Optional.empty();
  }
}
