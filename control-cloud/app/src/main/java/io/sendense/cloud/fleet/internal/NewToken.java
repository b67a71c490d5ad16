package io.sendense.cloud.fleet.internal;

import io.sendense.cloud.web.Findings;
import org.jspecify.annotations.Nullable;

/** What is asked for when an enrolment token is made. */
record NewToken(@Nullable Long validSeconds, @Nullable String approval) {
  private static final long A_DAY = 86_400;
  private static final long A_MONTH = 30 * A_DAY;

  record Checked(long seconds, String approval) {}

  Checked check() {
    Findings findings = new Findings();
    long seconds =
        validSeconds == null ? A_DAY : findings.number(validSeconds, "validSeconds", 1, A_MONTH);
    String wanted = approval == null ? "automatic" : approval;
    findings.require(
        wanted.equals("automatic") || wanted.equals("manual"),
        "approval",
        "must be automatic or manual");
    findings.orRefuse();
    return new Checked(seconds, wanted);
  }
}
