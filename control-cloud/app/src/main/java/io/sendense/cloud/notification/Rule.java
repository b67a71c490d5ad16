package io.sendense.cloud.notification;

/**
 * When a cause becomes an alert.
 *
 * @param threshold in the unit that the {@link AlertKind} says
 * @param escalateSeconds without an acknowledgement until it is critical; 0 for never
 */
record Rule(boolean enabled, Severity severity, long threshold, long escalateSeconds) {}
