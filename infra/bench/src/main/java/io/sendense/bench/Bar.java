package io.sendense.bench;

/** What we have to reach. */
sealed interface Bar {
  /**
   * @param factor our throughput divided by the peer's must be at least this
   */
  record Peer(String name, double factor) implements Bar {}

  /**
   * @param bytesPerSecond at least, by the time the program itself measured once it was ready
   */
  record Rate(double bytesPerSecond, String shown) implements Bar {}

  static Bar times(String peer, double factor) {
    return new Peer(peer, factor);
  }
}
