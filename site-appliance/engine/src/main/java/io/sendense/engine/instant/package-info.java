/**
 * Machines that run from a restore point before it is restored: what is remembered of each over
 * crashes, and the serving of its disks. It is not the job that starts, moves or removes one, and
 * knows no platform.
 */
@NullMarked
package io.sendense.engine.instant;

import org.jspecify.annotations.NullMarked;
