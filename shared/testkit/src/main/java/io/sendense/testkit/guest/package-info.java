/**
 * Small Linux guests from Debian's own kernel and busybox, in an initramfs or on a disk that boots
 * by BIOS and UEFI. Nothing of them is installed on the host. Not for production code.
 */
@NullMarked
package io.sendense.testkit.guest;

import org.jspecify.annotations.NullMarked;
