/**
 * Bytes of a guest at offsets: where they come from, windows and caches over them, and reads that
 * are checked against what is there. It knows no file system.
 */
@NullMarked
package io.sendense.recovery.block;

import org.jspecify.annotations.NullMarked;
