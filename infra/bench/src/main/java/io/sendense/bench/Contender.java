package io.sendense.bench;

import java.util.List;
import java.util.Optional;

/**
 * One program in a row of the table.
 *
 * @param name as the table shows it
 * @param shown the command line, with its fixed settings
 * @param absent why it cannot run here
 */
record Contender(String name, String shown, Optional<String> absent, Run run) {
  /** Prepares, runs once and cleans up; only the run itself is in the sample. */
  interface Run {
    Sample once() throws Exception;
  }

  static Contender of(String name, List<String> command, Optional<String> absent, Run run) {
    return new Contender(name, String.join(" ", command), absent, run);
  }
}
