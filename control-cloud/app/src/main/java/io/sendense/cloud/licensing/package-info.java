/**
 * Licences and leases: issued for a customer, renewed for its appliances.
 *
 * <p>What they allow is decided on the appliance, by the licensing part itself.
 */
@NullMarked
package io.sendense.cloud.licensing;

import org.jspecify.annotations.NullMarked;
