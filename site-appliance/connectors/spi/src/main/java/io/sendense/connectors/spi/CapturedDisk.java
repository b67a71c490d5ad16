package io.sendense.connectors.spi;

/**
 * One disk of a captured virtual machine.
 *
 * @param name stable name of the disk within its virtual machine, such as {@code vda}; the same in
 *     every capture, however the disks are ordered
 * @param changes since the baseline that was asked for; {@link ChangeSet.Untracked} on a first
 *     capture
 */
public record CapturedDisk(String name, DiskReader reader, ChangeSet changes) {}
