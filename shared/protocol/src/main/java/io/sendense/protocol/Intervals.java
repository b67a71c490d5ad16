package io.sendense.protocol;

/**
 * How often an appliance calls, set by the server; all in seconds except the jitter.
 *
 * @param pollHoldSeconds how long the server may hold an unchanged desired state before it answers
 * @param reportSeconds between two reports when nothing has happened
 * @param usageSeconds length of a metering period; 3600 except in demonstrations and tests
 * @param leaseSeconds between two renewals of the lease
 * @param jitterPercent each wait is lengthened by a random part of it up to this
 */
public record Intervals(
    int pollHoldSeconds, int reportSeconds, int usageSeconds, int leaseSeconds, int jitterPercent) {
  /** What an appliance uses until the cloud has said otherwise. */
  public static final Intervals DEFAULT = new Intervals(30, 60, 3600, 3600, 20);

  public Intervals {
    Bounds.within(pollHoldSeconds, 0, 120, "pollHoldSeconds");
    Bounds.within(reportSeconds, 1, 86_400, "reportSeconds");
    Bounds.within(usageSeconds, 1, 86_400, "usageSeconds");
    Bounds.within(leaseSeconds, 1, 604_800, "leaseSeconds");
    Bounds.within(jitterPercent, 0, 100, "jitterPercent");
  }
}
