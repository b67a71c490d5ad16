/**
 * The appliance's command line: reads arguments and the key, runs one job of the engine and shows
 * its result as text or as one JSON document. Described in docs/guides/cli.md.
 *
 * <p>It decides nothing about backup or restore itself.
 */
@NullMarked
package io.sendense.appliance.cli;

import org.jspecify.annotations.NullMarked;
