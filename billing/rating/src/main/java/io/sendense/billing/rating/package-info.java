/**
 * From usage, a price book and a period to exact lines. Pure: no clock, no input or output.
 *
 * <p>It is not an invoice; numbers, tax and documents are elsewhere.
 */
@NullMarked
package io.sendense.billing.rating;

import org.jspecify.annotations.NullMarked;
