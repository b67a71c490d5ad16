/**
 * What usage costs: previews for the customer and for the MSP.
 *
 * <p>It issues no invoice yet and takes no money.
 */
@NullMarked
package io.sendense.cloud.commerce;

import org.jspecify.annotations.NullMarked;
