/**
 * Clocks, seeds, fault plans and real servers as child processes, for tests and the demo.
 *
 * <p>It is not on any production path.
 */
@NullMarked
package io.sendense.testkit;

import org.jspecify.annotations.NullMarked;
