/**
 * Chunks, packs, Merkle trees and restore points, as docs/formats describes them.
 *
 * <p>It schedules nothing and knows no platform.
 */
@NullMarked
package io.sendense.repository.format;

import org.jspecify.annotations.NullMarked;
