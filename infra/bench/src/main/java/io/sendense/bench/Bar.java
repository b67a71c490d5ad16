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

  /**
   * @param name of the contender that is judged
   * @param seconds at most, by the time that the program itself measured
   */
  record Most(String name, double seconds, String shown) implements Bar {}

  /**
   * @param mebibytes resident at most
   */
  record Memory(String name, double mebibytes, String shown) implements Bar {}

  static Bar times(String peer, double factor) {
    return new Peer(peer, factor);
  }
}
