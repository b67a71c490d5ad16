/**
 * The messages between cloud and appliance, as plain records with a strict, versioned JSON form.
 *
 * <p>Every document names its type and version in {@code format}; an unknown one is refused. Within
 * a version, fields that the reader does not know are ignored, so that a field may be added. Every
 * list and text has a bound. {@code docs/protocol/control-link.md} is the written form.
 *
 * <p>It is not the transport, and it knows nothing of what is inside a licence, a lease or a usage
 * record: those are carried as the text or bytes that their own parts made.
 */
@NullMarked
package io.sendense.protocol;

import org.jspecify.annotations.NullMarked;
