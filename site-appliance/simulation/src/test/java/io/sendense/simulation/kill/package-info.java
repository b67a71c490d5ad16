/** Fifty kills. */
@org.jspecify.annotations.NullMarked
package io.sendense.simulation.kill;
