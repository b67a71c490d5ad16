package io.sendense.connectors.spi;

import java.util.function.Consumer;

/** The virtual machines that these credentials may see on a platform. Changes nothing there. */
public interface Inventory {
  /**
   * Shows every machine once, in no order; pages are fetched as they are needed, so no more than
   * one is held. A machine that cannot be described, as while it is being deleted, is left out.
   *
   * @throws io.sendense.domain.SendenseException SOURCE_UNREADABLE, UNAUTHENTICATED, FORBIDDEN
   */
  void machines(Consumer<Machine> seen);

  /**
   * The machine with this id or, where only one has it, this name.
   *
   * @throws io.sendense.domain.SendenseException NOT_FOUND; CONFLICT where several have the name;
   *     and as {@link #machines}
   */
  Machine machine(String idOrName);
}
