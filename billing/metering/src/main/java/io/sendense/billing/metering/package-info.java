/**
 * Usage records and the signed hash chain of each appliance's stream.
 *
 * <p>It knows no prices.
 */
@NullMarked
package io.sendense.billing.metering;

import org.jspecify.annotations.NullMarked;
