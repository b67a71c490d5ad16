/**
 * Files of a guest's disks without restoring them: from a disk that can be read at random to its
 * file systems, their files, and copies of these. See docs/formats/guest-file-systems.md.
 *
 * <p>It knows bytes at offsets, not restore points or stores, and never asks the kernel to mount
 * anything. All it reads is hostile.
 */
@NullMarked
package io.sendense.recovery;

import org.jspecify.annotations.NullMarked;
