package io.sendense.repository.remote;

import io.sendense.repository.spi.ObjectStore;

/**
 * That a peer may use a repository.
 *
 * @param identity as in {@link PeerIdentity}
 * @param repository the name by which the peer asks for it
 * @param store where its objects are kept; closing it is the caller's
 */
public record Grant(PeerIdentity identity, String repository, ObjectStore store, Rights rights) {}
