package io.sendense.appliance.daemon;

import io.sendense.appliance.cli.InstantRevival;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.Health;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Has instant recoveries served for as long as the appliance runs. The serving process is not a
 * child that ends with it: guests go on while the appliance is stopped.
 */
final class Revivals {
  private static final String ABOUT = "instant recovery ";
  private static final Duration EVERY = Duration.ofSeconds(3);

  /** Guests are asked for less often, since that is a call to their platform. */
  private static final int ROUNDS_WITH_GUESTS = 10;

  private static final Duration AFTER_FAILURE = Duration.ofMinutes(2);

  private final InstantRevival revival;
  private final Troubles troubles;
  private final DaemonLog log;
  private final Map<String, Long> failed = new HashMap<>();
  private final Signal pause = new Signal();

  Revivals(InstantRevival revival, Troubles troubles, DaemonLog log) {
    this.revival = revival;
    this.troubles = troubles;
    this.log = log;
  }

  /** Until the thread is interrupted. */
  void run() throws InterruptedException {
    for (long round = 0; !Thread.currentThread().isInterrupted(); round++) {
      look(round % ROUNDS_WITH_GUESTS == 0);
      pause.await(EVERY);
    }
  }

  private void look(boolean guests) {
    long now = System.nanoTime();
    failed.values().removeIf(at -> now - at > AFTER_FAILURE.toNanos());
    try {
      Set<String> known = new HashSet<>(failed.keySet());
      for (InstantRevival.Seen seen : revival.look(guests, Set.copyOf(failed.keySet()))) {
        note(seen);
        known.add(seen.name());
      }
      troubles.keepOnlyOf(ABOUT, about -> known.contains(about.substring(ABOUT.length())));
    } catch (SendenseException e) {
      log.warn("instant recoveries could not be looked at: " + e.getMessage());
    }
  }

  private void note(InstantRevival.Seen seen) {
    String about = ABOUT + seen.name();
    switch (seen) {
      case InstantRevival.Well _ -> troubles.clear(about);
      case InstantRevival.Revived revived -> {
        troubles.clear(about);
        log.info(about + " is served again" + (revived.held() ? "; it was held and goes on" : ""));
      }
      case InstantRevival.Removed _ -> {
        troubles.clear(about);
        log.info(about + " had not been started to its end; what was made of it is removed");
      }
      case InstantRevival.Failed(String name, SendenseException why) -> {
        failed.put(name, System.nanoTime());
        troubles.raise(
            about,
            Health.Level.FAILING,
            "Machine "
                + name
                + ", which runs from a point, cannot be served: "
                + why.getMessage()
                + ". "
                + why.remedy());
      }
    }
  }
}
