/**
 * Signs licences and leases and keeps the signing keys. Used by the cloud only.
 *
 * <p>It decides nothing about editions; that is the grant's.
 */
@NullMarked
package io.sendense.licensing.issuer;

import org.jspecify.annotations.NullMarked;
