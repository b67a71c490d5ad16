/**
 * Proof of recovery: which checks there are, how they are made on a running throw-away machine and
 * on its disks from outside, and what came of them. It writes no record; that is {@code proof}.
 */
@NullMarked
package io.sendense.recovery.prove;

import org.jspecify.annotations.NullMarked;
