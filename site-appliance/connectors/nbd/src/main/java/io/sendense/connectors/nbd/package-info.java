/**
 * NBD exports as disks of a connector: reading, allocation and what a block-status context says has
 * changed.
 *
 * <p>It is not a connector by itself: it knows no platform and makes nothing on a source.
 */
@NullMarked
package io.sendense.connectors.nbd;

import org.jspecify.annotations.NullMarked;
