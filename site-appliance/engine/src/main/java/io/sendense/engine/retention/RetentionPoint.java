package io.sendense.engine.retention;

import io.sendense.repository.format.PointGuard;
import java.time.Instant;

/**
 * What retention needs to know of a restore point.
 *
 * @param id unique
 * @param machine points are kept for each machine by itself
 * @param sequence orders a machine's points even where clocks were wrong
 * @param takenAt when its state was taken
 * @param guard what keeps it whatever the policy says
 */
public record RetentionPoint(
    String id, String machine, long sequence, Instant takenAt, PointGuard guard) {}
