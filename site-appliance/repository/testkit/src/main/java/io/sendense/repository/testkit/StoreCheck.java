package io.sendense.repository.testkit;

import io.sendense.repository.spi.StoreCapabilities;
import java.util.function.Predicate;

/**
 * One thing that an object store must do.
 *
 * @param name the sentence that holds if it passes
 * @param meaning what would happen to restore points in a store that fails it
 * @param offered whether a store claims what is examined; where it does not, there is nothing to
 *     pass
 * @param body throws {@link Expect.NotMet} or a failure of the store where the sentence is untrue
 */
public record StoreCheck(
    String name, String meaning, Predicate<StoreCapabilities> offered, Body body) {
  /** Examines a store that is empty when it begins. */
  @FunctionalInterface
  public interface Body {
    void examine(StoreUnderTest store) throws Exception;
  }

  /** A check of what every store must do. */
  static StoreCheck always(String name, String meaning, Body body) {
    return new StoreCheck(name, meaning, capabilities -> true, body);
  }

  @Override
  public String toString() {
    return name;
  }
}
