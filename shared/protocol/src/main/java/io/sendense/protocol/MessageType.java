package io.sendense.protocol;

/** The documents of the control link with the name and version that their JSON carries. */
enum MessageType {
  DESIRED_STATE("sendense.desired-state", 1, DesiredState.class),
  REPORTED_STATE("sendense.reported-state", 1, ReportedState.class),
  LEASE_REQUEST("sendense.lease-request", 1, LeaseRequest.class),
  LEASE_ANSWER("sendense.lease-answer", 1, LeaseAnswer.class),
  USAGE_BATCH("sendense.usage-batch", 1, UsageBatch.class),
  USAGE_ANSWER("sendense.usage-answer", 1, UsageAnswer.class),
  PROBLEM("sendense.problem", 1, ProblemAnswer.class);

  private final String label;
  private final int version;
  private final Class<? extends Message> type;

  MessageType(String label, int version, Class<? extends Message> type) {
    this.label = label;
    this.version = version;
    this.type = type;
  }

  /** What stands in the field {@code format}, for example {@code sendense.desired-state/1}. */
  String format() {
    return label + "/" + version;
  }

  static MessageType of(Class<? extends Message> type) {
    for (MessageType candidate : values()) {
      if (candidate.type == type) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(type + " has no wire format");
  }
}
