package io.sendense.repository.remote;

/** What the other side sent is not what the protocol allows there; the connection must end. */
final class BrokenProtocol extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokenProtocol(String what) {
    super(what);
  }
}
