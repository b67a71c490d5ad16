/**
 * XFS, versions 4 and 5, read from "XFS Algorithms & Data Structures" (3rd edition, kernel.org),
 * which the classes cite by its chapters. All of it is big-endian but for checksums.
 */
@NullMarked
package io.sendense.recovery.xfs;

import org.jspecify.annotations.NullMarked;
