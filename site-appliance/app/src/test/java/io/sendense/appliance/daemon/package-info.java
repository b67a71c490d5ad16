/** The daemon's memory and decisions, without a cloud. */
@NullMarked
package io.sendense.appliance.daemon;

import org.jspecify.annotations.NullMarked;
