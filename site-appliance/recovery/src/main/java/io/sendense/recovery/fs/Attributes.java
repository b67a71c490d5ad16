package io.sendense.recovery.fs;

import java.time.Instant;
import java.util.Optional;

/**
 * What a file system keeps about a file beside its content.
 *
 * @param id the same for two names of one file, and for no two files of a file system
 * @param sizeBytes of the content; for a symbolic link the length of its target
 * @param mode permission bits with set-id and sticky; made up where {@code posix} is false
 * @param posix whether owner and mode are the guest's own
 * @param links names of this file that the file system counts
 */
public record Attributes(
    FileKind kind,
    long id,
    long sizeBytes,
    int mode,
    boolean posix,
    long uid,
    long gid,
    long links,
    Instant modified,
    Instant accessed,
    Instant changed,
    Optional<Instant> created,
    int major,
    int minor) {}
