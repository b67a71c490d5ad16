package io.sendense.protocol;

import java.util.List;

/**
 * How an appliance feels.
 *
 * @param licenceState the state that the appliance itself enforces, for example {@code VALID}
 * @param warnings sentences for people, newest first
 * @param unsentUsageRecords kept until the cloud acknowledges them
 */
public record Health(
    Level level, String licenceState, List<String> warnings, long unsentUsageRecords) {
  /** The worst of what the appliance sees. */
  public enum Level {
    OK,
    WARNING,
    FAILING
  }

  public Health {
    Bounds.required(level, "level");
    Bounds.text(licenceState, Bounds.IDENTIFIER, "licenceState");
    warnings = Bounds.list(warnings, 50, "warnings");
    warnings.forEach(warning -> Bounds.text(warning, Bounds.SENTENCE, "warnings"));
    Bounds.notNegative(unsentUsageRecords, "unsentUsageRecords");
  }
}
