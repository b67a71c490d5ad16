package io.sendense.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a job is in its present phase.
 *
 * @param doneBytes of the disk's bytes that this phase has dealt with, holes included
 * @param totalBytes it will deal with
 * @param bytesPerSecond mean over the last seconds
 * @param remaining estimate at that rate; empty while there is no rate yet
 */
public record Progress(
    long doneBytes, long totalBytes, long bytesPerSecond, Optional<Duration> remaining) {}
