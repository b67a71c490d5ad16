/**
 * Jobs as explicit state machines: capture, store, materialise, verify.
 *
 * <p>It names no concrete connector and no concrete store.
 */
@NullMarked
package io.sendense.engine;

import org.jspecify.annotations.NullMarked;
