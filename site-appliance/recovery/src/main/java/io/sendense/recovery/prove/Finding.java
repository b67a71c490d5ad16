package io.sendense.recovery.prove;

/** A verdict and its reason, before it is known to which check it belongs. */
record Finding(Verdict verdict, String detail) {
  static Finding passed(String detail) {
    return new Finding(Verdict.PASSED, detail);
  }
}
