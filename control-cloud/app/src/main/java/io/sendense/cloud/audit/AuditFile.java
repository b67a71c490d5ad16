package io.sendense.cloud.audit;

import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;

/**
 * Checks exported entries with nothing but themselves: each must hash to what it says and name the
 * hash of the one before. What was cut off at the end only a head known from elsewhere shows.
 */
final class AuditFile {
  private static final String START = "0".repeat(64);

  private AuditFile() {}

  /**
   * What was found.
   *
   * @param first sequence of the first entry; above 1 where the file begins inside the chain
   * @param problem the first thing wrong, empty where everything holds together
   */
  record Verdict(long first, long last, String head, Optional<String> problem) {}

  /**
   * Reads the lines up to the first that does not fit.
   *
   * @param head what the last entry's hash must be, in hexadecimal
   */
  static Verdict verify(Iterator<String> lines, Optional<String> head) {
    long first = 0;
    long last = 0;
    long number = 0;
    String hash = START;
    Optional<UUID> msp = Optional.empty();
    while (lines.hasNext()) {
      String line = lines.next();
      number++;
      ChainEntry entry;
      String computed;
      try {
        entry = ChainEntry.parse(line);
        computed = AuditLog.hex(EntryHash.of(entry));
      } catch (RuntimeException e) {
        return new Verdict(first, last, hash, Optional.of("line " + number + " is no audit entry"));
      }
      Optional<String> wrong =
          number == 1 ? began(entry) : follows(entry, last, hash, msp.orElseThrow());
      if (wrong.isEmpty() && !computed.equals(entry.hash())) {
        wrong = Optional.of("entry " + entry.sequence() + " was changed after it was written");
      }
      if (wrong.isPresent()) {
        return new Verdict(first, last, hash, wrong);
      }
      first = number == 1 ? entry.sequence() : first;
      last = entry.sequence();
      hash = entry.hash();
      msp = Optional.of(entry.msp());
    }
    String reached = hash;
    Optional<String> end =
        head.filter(wanted -> !wanted.equalsIgnoreCase(reached))
            .map(wanted -> "the chain ends at " + reached + ", not at the head " + wanted);
    return new Verdict(first, last, hash, end);
  }

  private static Optional<String> began(ChainEntry entry) {
    return entry.sequence() == 1 && !entry.previousHash().equals(START)
        ? Optional.of("entry 1 is not the beginning of a chain")
        : Optional.empty();
  }

  private static Optional<String> follows(ChainEntry entry, long last, String hash, UUID msp) {
    if (entry.sequence() != last + 1) {
      return Optional.of(
          "after entry " + last + " comes entry " + entry.sequence() + ", not " + (last + 1));
    }
    if (!entry.msp().equals(msp)) {
      return Optional.of("entry " + entry.sequence() + " is of another MSP");
    }
    return entry.previousHash().equals(hash)
        ? Optional.empty()
        : Optional.of("entry " + entry.sequence() + " does not follow the one before");
  }
}
