/**
 * What is protected and how: policies and commands as people want them, machines, jobs and restore
 * points as appliances report them.
 *
 * <p>No appliance is talked to here; the fleet carries {@link
 * io.sendense.cloud.protection.ProtectionState} to and fro.
 */
@NullMarked
package io.sendense.cloud.protection;

import org.jspecify.annotations.NullMarked;
