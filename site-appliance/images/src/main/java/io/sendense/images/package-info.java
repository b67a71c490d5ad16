/**
 * Disk image formats, written and read from their public specifications: qcow2, VMDK
 * (streamOptimized), VHDX and fixed VHD. See docs/formats/exports.md.
 *
 * <p>It knows files and bytes, not restore points, connectors or jobs, and starts no other program.
 * Its readers understand what its writers make, and say so of anything else.
 */
@NullMarked
package io.sendense.images;

import org.jspecify.annotations.NullMarked;
