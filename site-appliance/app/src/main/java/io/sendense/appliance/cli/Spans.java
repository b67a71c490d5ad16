package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Spans of time as people write them: 90m, 12h, 30d. */
final class Spans {
  private static final Pattern SPAN = Pattern.compile("([0-9]{1,5})([mhd])");

  private Spans() {}

  /**
   * @param option that was given it, for the message
   * @throws SendenseException BAD_ARGUMENT
   */
  static Optional<Duration> parse(String option, @Nullable String given) {
    if (given == null) {
      return Optional.empty();
    }
    Matcher parts = SPAN.matcher(given);
    if (!parts.matches()) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          option + " " + given + " is not a span of time",
          "Write minutes, hours or days such as 90m, 12h or 30d.");
    }
    long number = Long.parseLong(parts.group(1));
    return Optional.of(
        switch (parts.group(2)) {
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        });
  }
}
