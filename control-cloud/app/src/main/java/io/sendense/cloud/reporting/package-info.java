/**
 * Reports over what other packages keep, each computed from the rows on hand when it is asked for.
 *
 * <p>It owns no table and changes nothing.
 */
@NullMarked
package io.sendense.cloud.reporting;

import org.jspecify.annotations.NullMarked;
