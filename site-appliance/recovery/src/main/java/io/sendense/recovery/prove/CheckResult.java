package io.sendense.recovery.prove;

import java.time.Duration;

/**
 * A check that was made.
 *
 * @param detail for people, at most some hundred characters and nothing a terminal would obey
 * @param after from the start of the proof to this result
 */
public record CheckResult(Check check, Verdict verdict, String detail, Duration after) {
  boolean passed() {
    return verdict == Verdict.PASSED;
  }
}
