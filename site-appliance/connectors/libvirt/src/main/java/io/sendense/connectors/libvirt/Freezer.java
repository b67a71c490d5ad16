package io.sendense.connectors.libvirt;

import java.util.Optional;

/** Lets the guest stand still for the instant of a capture, where its agent can. */
final class Freezer {
  Freezer(LibvirtSourceOptions options, LibvirtOwned owned, Domain domain) {}

  /**
   * @param frozen whether the file systems stood still during the instant
   * @param note why not, or how long, for a person
   */
  record Outcome(boolean frozen, Optional<String> note) {}

  Outcome during(Runnable instant) {
    instant.run();
    return new Outcome(false, Optional.empty());
  }
}
