/**
 * The control plane.
 *
 * <p>No block of a disk passes through it.
 */
@NullMarked
package io.sendense.cloud;

import org.jspecify.annotations.NullMarked;
