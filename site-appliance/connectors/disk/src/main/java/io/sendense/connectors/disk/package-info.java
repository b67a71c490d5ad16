/**
 * Plain disks as source and target: raw and qcow2 files and NBD exports.
 *
 * <p>It takes no snapshots: the caller sees to it that a plain file does not change.
 */
@NullMarked
package io.sendense.connectors.disk;

import org.jspecify.annotations.NullMarked;
