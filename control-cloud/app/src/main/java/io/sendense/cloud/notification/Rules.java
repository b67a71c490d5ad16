package io.sendense.cloud.notification;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The rules of one MSP: a customer's own, else the MSP's, else the usual one. */
record Rules(Map<Key, Rule> set) {
  /** The MSP itself, where a customer could stand. */
  static final UUID MSP = new UUID(0, 0);

  /** Whose rule for what. */
  record Key(UUID customer, AlertKind kind) {}

  /**
   * A rule and where it comes from.
   *
   * @param origin default, msp or customer
   */
  record Effective(Rule rule, String origin) {}

  Rules {
    set = Map.copyOf(set);
  }

  Effective of(UUID customer, AlertKind kind) {
    Optional<Rule> own =
        customer.equals(MSP)
            ? Optional.empty()
            : Optional.ofNullable(set.get(new Key(customer, kind)));
    Optional<Rule> msp = Optional.ofNullable(set.get(new Key(MSP, kind)));
    return own.map(rule -> new Effective(rule, "customer"))
        .or(() -> msp.map(rule -> new Effective(rule, "msp")))
        .orElseGet(() -> new Effective(kind.usual(), "default"));
  }
}
