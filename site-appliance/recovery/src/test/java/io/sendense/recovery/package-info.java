/** Guest file systems made by their own tools, read by us, compared with source and peers. */
@NullMarked
package io.sendense.recovery;

import org.jspecify.annotations.NullMarked;
