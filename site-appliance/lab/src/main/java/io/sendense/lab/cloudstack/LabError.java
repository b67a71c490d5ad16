package io.sendense.lab.cloudstack;

/** A refusal as the API words it; the code is also the HTTP status (ApiErrorCode of its source). */
final class LabError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  static final int UNAUTHORIZED = 401;
  static final int PARAMETER = 431;
  static final int UNSUPPORTED = 432;
  static final int INTERNAL = 530;
  static final int ACCOUNT = 531;
  static final int CAPACITY = 533;
  static final int ALLOCATION = 535;

  private final int code;

  LabError(int code, String text) {
    super(text);
    this.code = code;
  }

  int code() {
    return code;
  }

  /** Programmer Guide, "Error Handling": the number of the exception behind it. */
  int csCode() {
    return switch (code) {
      case PARAMETER -> 4350;
      case ACCOUNT -> 4365;
      case CAPACITY -> 4335;
      case ALLOCATION -> 4370;
      case INTERNAL -> 4250;
      default -> 9999;
    };
  }
}
