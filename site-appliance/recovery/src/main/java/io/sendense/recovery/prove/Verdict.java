package io.sendense.recovery.prove;

/** What came of a check. The names are part of the proof record's format. */
public enum Verdict {
  PASSED,
  /** What was to be checked is not there. */
  NOT_FOUND,
  /** It is there, and did not come up. */
  START_FAILED,
  /** It came up and gave a wrong answer. */
  TEST_FAILED,
  /** Nothing of the guest accepts connections on the port. */
  PORT_CHECK_FAILED,
  /** It answers, and says that it is not well. */
  HEALTH_CHECK_FAILED,
  /** Not finished within its time. */
  TIMED_OUT,
  /** Not made, because the machine did not boot. */
  NOT_RUN
}
