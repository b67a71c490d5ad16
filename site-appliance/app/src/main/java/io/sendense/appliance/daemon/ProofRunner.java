package io.sendense.appliance.daemon;

import io.sendense.repository.format.RestorePoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Proves points. */
interface ProofRunner {
  /**
   * All points of a repository, oldest first.
   *
   * @throws io.sendense.domain.SendenseException where they cannot be listed
   */
  List<RestorePoint> points(String repository);

  /** What the machine of a point takes while it is proved. */
  Map<String, Integer> needs(ProofSchedule schedule, RestorePoint point);

  /** Runs to the end on the calling platform thread; what went wrong is in the outcome. */
  Outcome prove(ProofSchedule schedule, RestorePoint point, Duration limit);

  /**
   * What came of a proof.
   *
   * @param text why it is not proved, in sentences for people; empty where nobody needs to know
   */
  record Outcome(Kind kind, String text) {}

  /** How it ended. */
  enum Kind {
    PROVED,
    /** The machine ran, or its disks were read, and a required check did not pass. */
    NOT_PROVED,
    /** Nothing could be found out. */
    NOTHING,
    /** The appliance ends. */
    CUT_OFF
  }
}
