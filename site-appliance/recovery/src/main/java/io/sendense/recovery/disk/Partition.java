package io.sendense.recovery.disk;

/**
 * An entry of a partition table, in bytes.
 *
 * @param number as Linux counts: 1 to 4, logical ones from 5
 */
record Partition(int number, long offset, long length, String origin) {}
