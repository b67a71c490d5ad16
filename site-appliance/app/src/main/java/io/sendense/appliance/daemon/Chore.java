package io.sendense.appliance.daemon;

import java.util.Locale;

/** What is done in every repository by itself, in the order in which it is begun. */
enum Chore {
  /** Points that came, went or were let go by somebody else are told to the cloud. */
  LOOK,
  /** What no point needs is removed. */
  COLLECT,
  /** A part of the data is read, everything else is checked. */
  VERIFY;

  /** As kept in the database and shown. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Does it in a repository. */
  @FunctionalInterface
  interface Runner {
    /** Runs to the end; what went wrong is noted, and false is returned. */
    boolean run(Chore chore, String repository);
  }
}
