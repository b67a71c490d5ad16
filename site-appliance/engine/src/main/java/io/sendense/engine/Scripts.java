package io.sendense.engine;

import io.sendense.domain.SendenseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a site runs around a backup.
 *
 * @param before runs before the source makes its point in time; where it fails, the backup fails
 *     and the source is not touched
 * @param after runs whenever {@code before} was begun, also after a failure, as it may have to undo
 *     what {@code before} did; where it fails, the backup stands and warns
 */
public record Scripts(Optional<Script> before, Optional<Script> after) {
  public static final Scripts NONE = new Scripts(Optional.empty(), Optional.empty());

  /** Runs work between the two scripts. */
  <T> T around(String vm, String job, Consumer<String> warn, Supplier<T> work) {
    Map<String, String> facts = new HashMap<>();
    facts.put("SENDENSE_VM", vm);
    facts.put("SENDENSE_JOB", job);
    String outcome = "failed";
    try {
      before.ifPresent(script -> script.run(facts));
      T result = work.get();
      outcome = "succeeded";
      return result;
    } finally {
      facts.put("SENDENSE_OUTCOME", outcome);
      try {
        after.ifPresent(script -> script.run(facts));
      } catch (SendenseException e) {
        warn.accept("the backup " + outcome + ", and afterwards: " + e.getMessage());
      }
    }
  }
}
