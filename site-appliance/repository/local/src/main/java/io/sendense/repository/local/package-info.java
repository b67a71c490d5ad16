/**
 * An object store in a directory, on a local disk or a mounted share.
 *
 * <p>It retries nothing.
 */
@NullMarked
package io.sendense.repository.local;

import org.jspecify.annotations.NullMarked;
