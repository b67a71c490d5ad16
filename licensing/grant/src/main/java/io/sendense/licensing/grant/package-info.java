/**
 * The licence and the lease: their format, their verification and the rules without a cloud.
 *
 * <p>It signs nothing; that is the issuer's.
 */
@NullMarked
package io.sendense.licensing.grant;

import org.jspecify.annotations.NullMarked;
