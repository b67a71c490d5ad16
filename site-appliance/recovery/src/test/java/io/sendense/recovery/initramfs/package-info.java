@NullMarked
package io.sendense.recovery.initramfs;

import org.jspecify.annotations.NullMarked;
