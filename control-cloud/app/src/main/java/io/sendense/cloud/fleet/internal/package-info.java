/** How the fleet works inside; nothing outside of it may look in here. */
@NullMarked
package io.sendense.cloud.fleet.internal;

import org.jspecify.annotations.NullMarked;
