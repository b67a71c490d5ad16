/**
 * {@code ./sendense soak memory}: ten jobs at a time in one process for an hour, and what the
 * process kept resident. Says whether it stayed below its bound and flat; compares with nobody.
 */
@NullMarked
package io.sendense.bench.soak;

import org.jspecify.annotations.NullMarked;
