/**
 * FAT12, FAT16 and FAT32 with long names, read from "Microsoft Extensible Firmware Initiative FAT32
 * File System Specification" (version 1.03, 2000), which the classes cite by its sections.
 */
@NullMarked
package io.sendense.recovery.fat;

import org.jspecify.annotations.NullMarked;
