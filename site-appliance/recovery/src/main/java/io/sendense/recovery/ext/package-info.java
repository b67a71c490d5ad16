/**
 * ext2, ext3 and ext4, read from the kernel's public description of them ("ext4 Data Structures and
 * Algorithms", docs.kernel.org/filesystems/ext4), which each class cites by its chapter.
 */
@NullMarked
package io.sendense.recovery.ext;

import org.jspecify.annotations.NullMarked;
