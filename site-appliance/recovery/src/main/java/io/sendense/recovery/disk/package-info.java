/**
 * From the disks of a machine to volumes that may hold a file system: GPT, MBR and LVM2, each read
 * from its public description, and what is recognised but not read.
 */
@NullMarked
package io.sendense.recovery.disk;

import org.jspecify.annotations.NullMarked;
