/**
 * What a connector to a platform promises: a source half that yields a consistent point in time,
 * its change sets and its bytes, and a target half that takes blocks and makes disks.
 *
 * <p>It is not an engine: nothing here stores, compresses, retries or schedules, and nothing here
 * knows a repository. The engine sees connectors only through this package.
 */
@NullMarked
package io.sendense.connectors.spi;

import org.jspecify.annotations.NullMarked;
