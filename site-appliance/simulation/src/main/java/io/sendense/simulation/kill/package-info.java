/**
 * Kills of the real program by the kernel, and looks after each at what it left.
 *
 * <p>It starts the appliance's command line as a child process and knows nothing of its code.
 */
@NullMarked
package io.sendense.simulation.kill;

import org.jspecify.annotations.NullMarked;
