/**
 * The archives a Linux kernel unpacks before it has a root file system: what a guest's hold, new
 * ones, and the index by which modprobe finds modules in them. It knows no platform and writes to
 * no disk. What it reads is hostile.
 */
@NullMarked
package io.sendense.recovery.initramfs;

import org.jspecify.annotations.NullMarked;
