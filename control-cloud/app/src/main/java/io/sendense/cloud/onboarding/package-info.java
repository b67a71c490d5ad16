/**
 * A customer from nothing to the first appliance in one request.
 *
 * <p>It owns no table: it asks the packages that own customers, sites, licences and tokens, in one
 * transaction.
 */
@NullMarked
package io.sendense.cloud.onboarding;

import org.jspecify.annotations.NullMarked;
