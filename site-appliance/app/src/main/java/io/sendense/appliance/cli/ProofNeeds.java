package io.sendense.appliance.cli;

import io.sendense.recovery.machine.Shape;
import java.util.Map;

/** What a machine of a proof takes of this host while it runs, in units of named resources. */
public final class ProofNeeds {
  /** One per machine. */
  public static final String MACHINES = "machines";

  public static final String PROCESSORS = "processors";

  /** In MiB of the guest; QEMU itself takes up to 200 more. */
  public static final String MEMORY = "memory";

  private ProofNeeds() {}

  public static Map<String, Integer> of(Shape shape) {
    return Map.of(
        MACHINES, 1, PROCESSORS, shape.processors(), MEMORY, (int) (shape.memoryBytes() >> 20));
  }
}
