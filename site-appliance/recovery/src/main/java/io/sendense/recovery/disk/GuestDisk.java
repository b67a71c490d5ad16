package io.sendense.recovery.disk;

import io.sendense.recovery.block.BlockSource;

/**
 * A disk of the machine.
 *
 * @param name such as disk0; the names of its partitions begin with it
 */
public record GuestDisk(String name, BlockSource source) {}
