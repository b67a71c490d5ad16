package io.sendense.billing.metering;

/** Bytes that are not the documented form; the message says what is wrong, for a log. */
public final class UsageFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageFormatException(String message) {
    super(message);
  }

  UsageFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
