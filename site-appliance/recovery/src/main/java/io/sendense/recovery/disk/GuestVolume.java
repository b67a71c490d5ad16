package io.sendense.recovery.disk;

import io.sendense.recovery.block.BlockSource;

/**
 * A part of the machine's disks that may hold a file system.
 *
 * @param name by which people ask for it: disk0, disk0p1, group/volume
 * @param origin what said that it is there, such as "GPT partition, EFI System"
 */
public record GuestVolume(String name, String origin, BlockSource source) {}
