/**
 * NTFS 3.x, read from "New Technologies File System (NTFS)" (libyal, libfsntfs documentation),
 * MS-FSCC for reparse points and MS-XCA for LZNT1, which the classes cite.
 */
@NullMarked
package io.sendense.recovery.ntfs;

import org.jspecify.annotations.NullMarked;
