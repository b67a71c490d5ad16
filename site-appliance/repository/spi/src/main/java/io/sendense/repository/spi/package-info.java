/**
 * What a store of sealed, immutable objects must guarantee.
 *
 * <p>It knows nothing of chunks, points or keys.
 */
@NullMarked
package io.sendense.repository.spi;

import org.jspecify.annotations.NullMarked;
