/**
 * A throw-away machine: QEMU as an unprivileged child over read-only disks and overlays, in a
 * network of its own from which nothing is reached. It knows how to start, watch and end one, and
 * nothing of what is checked in it.
 *
 * <p>The guest is hostile, and QEMU is treated as if the guest had taken it over.
 */
@NullMarked
package io.sendense.recovery.machine;

import org.jspecify.annotations.NullMarked;
