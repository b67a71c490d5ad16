/**
 * Who changed what, as one hash chain per MSP.
 *
 * <p>It shows tampering to whoever holds an earlier head hash; it does not prevent it.
 */
@NullMarked
package io.sendense.cloud.audit;

import org.jspecify.annotations.NullMarked;
