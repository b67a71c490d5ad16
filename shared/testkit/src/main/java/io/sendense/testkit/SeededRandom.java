package io.sendense.testkit;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Not secure at all: ids, keys and salts are the same in every run of a seed. */
public final class SeededRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // Never serialised.
  private final SplittableRandom random;

  public SeededRandom(long seed) {
    random = new SplittableRandom(seed);
  }

  @Override
  public synchronized void nextBytes(byte[] bytes) {
    random.nextBytes(bytes);
  }

  @Override
  public synchronized long nextLong() {
    return random.nextLong();
  }

  @Override
  public synchronized int nextInt() {
    return random.nextInt();
  }

  @Override
  public synchronized int nextInt(int bound) {
    return random.nextInt(bound);
  }
}
