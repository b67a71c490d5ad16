package io.sendense.protocol;

/** A whole document of the control link, one request or answer body. */
public sealed interface Message
    permits DesiredState,
        LeaseAnswer,
        LeaseRequest,
        ProblemAnswer,
        ReportedState,
        UsageAnswer,
        UsageBatch {}
