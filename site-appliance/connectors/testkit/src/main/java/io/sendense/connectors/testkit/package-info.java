/**
 * The contract suites that every connector passes: {@link
 * io.sendense.connectors.testkit.SourceContract} and {@link
 * io.sendense.connectors.testkit.MachineTargetContract}.
 *
 * <p>They know the SPI and nothing of any platform: a connector hands them a machine of its own
 * platform, written to as its guest would.
 */
@NullMarked
package io.sendense.connectors.testkit;

import org.jspecify.annotations.NullMarked;
