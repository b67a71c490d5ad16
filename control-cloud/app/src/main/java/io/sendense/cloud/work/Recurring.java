package io.sendense.cloud.work;

import java.time.Duration;

/**
 * Work that one replica does at the start and again {@code period} after each end. A run that fails
 * is logged and the next one comes in its turn.
 *
 * @param name unique over the control plane and its versions
 */
public record Recurring(String name, Duration period, Runnable work) {}
