package io.sendense.connectors.spi;

import java.util.List;

/** What a look before the work found. */
public sealed interface Readiness {
  Readiness READY = new Ready(List.of());

  /**
   * It can be done.
   *
   * @param notes sentences that a person should know although nothing is in the way
   */
  record Ready(List<String> notes) implements Readiness {
    public Ready {
      notes = List.copyOf(notes);
    }
  }

  /** It cannot be done; everything that stands in the way, not only the first. */
  record Blocked(List<Blocker> blockers) implements Readiness {
    public Blocked {
      blockers = List.copyOf(blockers);
      if (blockers.isEmpty()) {
        throw new IllegalArgumentException("nothing blocks");
      }
    }
  }

  static Readiness of(List<Blocker> blockers, List<String> notes) {
    return blockers.isEmpty() ? new Ready(notes) : new Blocked(blockers);
  }
}
