package io.sendense.demo.guest;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The guest's word that a record is durable.
 *
 * @param seq number of the record, counted from 1 over the life of the data disk
 * @param sha256 of its payload, in hexadecimal
 * @param receivedAt the host's time of its arrival
 */
public record Ack(long seq, String sha256, Instant receivedAt) {
  private static final Pattern LINE = Pattern.compile("ACK (\\d{1,9}) ([0-9a-f]{64})");

  /** Empty for every line that is not a whole acknowledgement. */
  static Optional<Ack> parse(String line, Instant receivedAt) {
    Matcher matcher = LINE.matcher(line.strip());
    return matcher.matches()
        ? Optional.of(new Ack(Long.parseLong(matcher.group(1)), matcher.group(2), receivedAt))
        : Optional.empty();
  }
}
