/**
 * The contract suite that every source passes: {@link
 * io.sendense.connectors.testkit.SourceContract}.
 *
 * <p>It knows the SPI and nothing of any platform: a connector hands it a machine of its own
 * platform, written to as its guest would.
 */
@NullMarked
package io.sendense.connectors.testkit;

import org.jspecify.annotations.NullMarked;
