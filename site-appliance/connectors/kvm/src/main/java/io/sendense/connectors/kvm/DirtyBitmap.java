package io.sendense.connectors.kvm;

/**
 * A dirty bitmap as QEMU describes it.
 *
 * @param recording whether guest writes are marked in it
 * @param busy an operation such as an export uses it
 * @param inconsistent QEMU was not closed cleanly since, so writes may be missing from it
 */
record DirtyBitmap(
    String name, boolean recording, boolean busy, boolean persistent, boolean inconsistent) {}
