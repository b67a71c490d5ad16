/**
 * The appliance's side of the control link: identity, enrolment and renewal over EST, and the typed
 * calls of {@code docs/protocol/control-link.md}, always outbound, over TLS 1.3.
 *
 * <p>It is not a scheduler and it never retries: the caller's loop does, with {@link
 * io.sendense.controllink.Backoff}, so that retries exist in one layer only.
 */
@NullMarked
package io.sendense.controllink;

import org.jspecify.annotations.NullMarked;
