/**
 * The appliance itself: main, configuration and command line.
 *
 * <p>The only part that names concrete connectors and stores.
 */
@NullMarked
package io.sendense.appliance;

import org.jspecify.annotations.NullMarked;
