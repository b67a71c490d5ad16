package io.sendense.domain;

/**
 * Every failure the product can report, by whose doing it is. The number's block decides the exit
 * code of the command line, the HTTP status, who is alerted and whether a failed job is billed.
 *
 * <p>1000: the caller's input or rights. 2000: our own fault. 3000: a resource ran out. 4000: the
 * source platform. 5000: the store. 6000: licence and lease. 7000: the link between cloud and
 * appliance.
 */
public enum ErrorCode {
  BAD_ARGUMENT(1000),
  NOT_FOUND(1001),
  ALREADY_EXISTS(1002),
  FORBIDDEN(1003),
  UNAUTHENTICATED(1004),
  CONFLICT(1005),
  WRONG_KEY(1006),

  INTERNAL(2000),
  CANCELLED(2001),
  DATABASE_UNAVAILABLE(2002),
  IDENTITY_UNAVAILABLE(2003),

  NO_SPACE(3000),
  PORT_TAKEN(3001),
  DEADLINE_EXCEEDED(3002),
  MISSING_TOOL(3003),
  LIMIT_REACHED(3004),

  SOURCE_UNREADABLE(4000),
  SOURCE_CHANGED_SIZE(4001),
  SOURCE_PROTOCOL(4002),
  SOURCE_SNAPSHOT_FAILED(4003),
  SCRIPT_FAILED(4004),
  GUEST_DAMAGED(4010),
  GUEST_UNSUPPORTED(4011),

  STORE_UNAVAILABLE(5000),
  STORE_DAMAGED(5001),
  STORE_OBJECT_MISSING(5002),
  STORE_UNKNOWN_VERSION(5003),
  STORE_READ_ONLY(5004),
  STORE_LOCKED(5005),
  STORE_ARCHIVED(5006),
  STORE_UNSUPPORTED(5007),

  LICENCE_INVALID(6000),
  LICENCE_EXPIRED(6001),
  LICENCE_LIMIT(6002),
  CLOCK_ROLLED_BACK(6003),

  LINK_UNAVAILABLE(7000),
  LINK_REFUSED(7001),
  LINK_CLONE_DETECTED(7002);

  private final int number;

  ErrorCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /**
   * Exit code of the command line: the block's digit plus 1, so 1 stays "unexpected" and 0 success.
   */
  public int exitCode() {
    return number / 1000 + 1;
  }

  /** Stable identifier in logs and API answers, for example {@code SD-5001}. */
  public String id() {
    return "SD-" + number;
  }
}
