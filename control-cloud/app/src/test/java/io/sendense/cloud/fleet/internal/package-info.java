/** The link's listener against real clients over loopback. */
@NullMarked
package io.sendense.cloud.fleet.internal;

import org.jspecify.annotations.NullMarked;
