/**
 * btrfs on one device, read from "On-disk Format" and "Trees" of the developers' documentation
 * (btrfs.readthedocs.io), which the classes cite. All of it is little-endian. What lies on other
 * devices of a file system is named, not read.
 */
@NullMarked
package io.sendense.recovery.btrfs;

import org.jspecify.annotations.NullMarked;
