/**
 * Alerts: what a person should look at, from its opening to its end. Rules are data; finding and
 * keeping are pure functions over a snapshot. Not the facts themselves, which their own packages
 * keep.
 */
@NullMarked
package io.sendense.cloud.notification;

import org.jspecify.annotations.NullMarked;
