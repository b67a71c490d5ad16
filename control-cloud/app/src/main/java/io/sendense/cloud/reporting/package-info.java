/**
 * Reports over what other packages keep, each computed from the rows on hand when it is asked for.
 * It owns no table and changes nothing.
 */
@org.jspecify.annotations.NullMarked
package io.sendense.cloud.reporting;
