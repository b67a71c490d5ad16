/**
 * The outbound link to the cloud: enrolment, desired state in, reported state and usage out.
 *
 * <p>It never listens, and no block of a disk passes through it.
 */
@NullMarked
package io.sendense.controllink;

import org.jspecify.annotations.NullMarked;
