/**
 * The NBD protocol: a client for reading disks and a read-only server for restore points.
 *
 * <p>It knows no platform and no repository.
 */
@NullMarked
package io.sendense.nbd;

import org.jspecify.annotations.NullMarked;
