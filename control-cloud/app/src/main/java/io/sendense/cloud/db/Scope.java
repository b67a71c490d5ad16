package io.sendense.cloud.db;

import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import java.util.Optional;
import java.util.Set;

/**
 * Which rows a transaction may see. It is handed to the database for one transaction at a time,
 * where row-level security obeys it; no scope means no rows.
 */
public sealed interface Scope {

  /**
   * The platform itself: the MSPs, and nothing inside them.
   *
   * @param acting the MSP whose audit log this transaction writes, when it changes something
   */
  record Platform(Optional<MspId> acting) implements Scope {
    public Platform() {
      this(Optional.empty());
    }
  }

  /** One MSP and all of its customers. */
  record WholeMsp(MspId msp) implements Scope {}

  /** Some customers of one MSP; at least one. */
  record Customers(MspId msp, Set<CustomerId> customers) implements Scope {
    public Customers {
      customers = Set.copyOf(customers);
      if (customers.isEmpty()) {
        throw new IllegalArgumentException("a scope of customers names at least one");
      }
    }
  }

  /**
   * Work that no caller's scope fits. Only the rows that a policy opens for the purpose are seen:
   * {@code tenancy.in_system('purpose')} in the migrations shows every one of them.
   */
  record ForSystem(SystemPurpose purpose) implements Scope {}

  /** The MSP of this scope, none for the platform and the system. */
  default Optional<MspId> mspId() {
    return switch (this) {
      case Platform platform -> platform.acting();
      case WholeMsp whole -> Optional.of(whole.msp());
      case Customers some -> Optional.of(some.msp());
      case ForSystem _ -> Optional.empty();
    };
  }

  /** One customer of one MSP, the scope of everything that its appliances do. */
  static Scope customer(MspId msp, CustomerId customer) {
    return new Customers(msp, Set.of(customer));
  }
}
