/**
 * What goes around any object store: retry, throttle, metrics.
 *
 * <p>Retry is the one place where a call to a store is tried again. Refusing changes is {@code
 * ReadOnlyObjectStore} of the SPI; planned faults are the testkit's.
 */
@NullMarked
package io.sendense.repository.decorators;

import org.jspecify.annotations.NullMarked;
