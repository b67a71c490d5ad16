/**
 * Signed usage from appliances, stored once.
 *
 * <p>It knows no prices.
 */
@NullMarked
package io.sendense.cloud.metering;

import org.jspecify.annotations.NullMarked;
