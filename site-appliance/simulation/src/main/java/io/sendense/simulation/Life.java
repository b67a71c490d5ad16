package io.sendense.simulation;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.StoreFailure;

/** One process of an appliance, from its start to its death. */
final class Life {
  private volatile boolean dead;

  boolean dead() {
    return dead;
  }

  void end() {
    dead = true;
  }

  /** What the code of a dead process gets from the outside, so that it comes to an end. */
  static SendenseException gone(String what) {
    return StoreFailure.unavailable("a dead process", what, null);
  }
}
