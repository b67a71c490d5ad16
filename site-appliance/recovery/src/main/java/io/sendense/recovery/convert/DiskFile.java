package io.sendense.recovery.convert;

import java.nio.file.Path;

/**
 * A disk that can be written.
 *
 * @param format raw or qcow2, as QEMU calls it
 */
public record DiskFile(Path path, String format) {}
