/**
 * QEMU virtual machines over QMP: fleecing exports and dirty bitmaps.
 *
 * <p>It starts no virtual machines.
 */
@NullMarked
package io.sendense.connectors.kvm;

import org.jspecify.annotations.NullMarked;
