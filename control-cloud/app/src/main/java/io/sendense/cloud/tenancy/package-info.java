/**
 * The tree of tenants: MSPs, their customers and the customers' sites.
 *
 * <p>Who may see which part of it is decided in the database, by the scope of the transaction.
 */
@NullMarked
package io.sendense.cloud.tenancy;

import org.jspecify.annotations.NullMarked;
