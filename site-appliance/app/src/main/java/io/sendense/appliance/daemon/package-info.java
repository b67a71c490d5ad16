/**
 * The appliance as a service: enrolment, and the process that follows the cloud's desired state,
 * makes restore points by schedule, and reports what it did.
 *
 * <p>It works with the cloud away for as long as the lease allows and loses nothing meanwhile: what
 * the cloud has not acknowledged waits in the state folder. Restores are not its business and are
 * never gated.
 */
@NullMarked
package io.sendense.appliance.daemon;

import org.jspecify.annotations.NullMarked;
