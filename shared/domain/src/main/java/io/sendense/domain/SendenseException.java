package io.sendense.domain;

import org.jspecify.annotations.Nullable;

/**
 * A failure with a code, a sentence that says what was wrong and where, and one that says what to
 * do. Neither sentence ever holds a secret.
 */
public final class SendenseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String remedy;

  public SendenseException(ErrorCode code, String what, String remedy) {
    this(code, what, remedy, null);
  }

  public SendenseException(ErrorCode code, String what, String remedy, @Nullable Throwable cause) {
    super(what, cause);
    this.code = code;
    this.remedy = remedy;
  }

  public ErrorCode code() {
    return code;
  }

  /** What the reader can do about it; empty where nothing can be done. */
  public String remedy() {
    return remedy;
  }
}
