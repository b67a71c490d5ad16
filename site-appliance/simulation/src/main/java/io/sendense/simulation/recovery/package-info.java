/**
 * Real kills of QEMU, libvirt and the appliance in captures, instant recoveries and proofs, on a
 * real libvirt with real guests. Not the simulated worlds, and not the kills of backups of plain
 * disks.
 */
@NullMarked
package io.sendense.simulation.recovery;

import org.jspecify.annotations.NullMarked;
