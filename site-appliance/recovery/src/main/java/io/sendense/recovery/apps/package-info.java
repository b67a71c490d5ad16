/**
 * Items of applications out of a point: which databases a guest's disks hold, and single databases
 * and tables of them, by a throw-away server of the same version over a copy of the data.
 *
 * <p>A further application is one more {@link io.sendense.recovery.apps.ApplicationItems}. The
 * guest's own configuration is never obeyed, and its servers run as nobody, without a network.
 */
@NullMarked
package io.sendense.recovery.apps;

import org.jspecify.annotations.NullMarked;
