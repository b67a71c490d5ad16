package io.sendense.repository.remote;

/**
 * A client that may come in.
 *
 * @param peer its key, by which its connections are counted
 */
record Admission(PeerIdentity peer, Session session) {}
