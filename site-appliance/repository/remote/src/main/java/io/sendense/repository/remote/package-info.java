/**
 * Another appliance as an object store: the client half and the server half of the protocol in
 * {@code docs/protocol/remote-store.md}.
 *
 * <p>It knows nothing of chunks, points or keys, and tries nothing twice.
 */
@NullMarked
package io.sendense.repository.remote;

import org.jspecify.annotations.NullMarked;
