package io.sendense.connectors.cloudstack;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.Optional;

/**
 * What CloudStack itself said of a call or a job that failed: its HTTP-like error code (API
 * documentation, "Error Handling") and its text.
 */
final class CloudStackError extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MAX_TEXT = 2000;

  static final int UNAUTHORIZED = 401;
  static final int TOO_MANY = 429;
  static final int PARAMETER = 431;
  static final int UNSUPPORTED = 432;

  private final int code;

  CloudStackError(int code, String text) {
    super(text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + " ..." : text);
    this.code = code;
  }

  int code() {
    return code;
  }

  static Optional<CloudStackError> of(SendenseException e) {
    return e.getCause() instanceof CloudStackError error ? Optional.of(error) : Optional.empty();
  }

  /**
   * @param what the command that failed
   */
  SendenseException failed(String what) {
    return new SendenseException(
        errorCode(),
        "CloudStack: " + what + ": " + getMessage() + " (CloudStack error " + code + ")",
        remedy(),
        this);
  }

  private ErrorCode errorCode() {
    return switch (code) {
      case UNAUTHORIZED -> ErrorCode.UNAUTHENTICATED;
      case UNSUPPORTED, 531 -> ErrorCode.FORBIDDEN;
      case TOO_MANY, 532, 535 -> ErrorCode.LIMIT_REACHED;
      case 533 -> ErrorCode.NO_SPACE;
      case 534 -> ErrorCode.SOURCE_UNREADABLE;
      case 536 -> ErrorCode.CONFLICT;
      default -> ErrorCode.SOURCE_PROTOCOL;
    };
  }

  private String remedy() {
    return switch (code) {
      case UNAUTHORIZED ->
          "See that both keys are those of a user who is enabled, and that the clocks of this"
              + " machine and of the management server agree: requests expire.";
      case UNSUPPORTED ->
          "The user's role does not allow this command, or this version of CloudStack does not have"
              + " it.";
      case TOO_MANY -> "The account's rate of calls is limited; try again later.";
      case 532, 535 -> "Raise the limits of the account or project, or free some of what it has.";
      case 533 -> "No host or storage pool has room for it; look at the dashboard's capacity.";
      case 534 -> "Look at the state of the hosts and storage pools.";
      default -> "The management server's log says more of it.";
    };
  }
}
