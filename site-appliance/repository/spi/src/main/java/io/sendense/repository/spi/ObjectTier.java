package io.sendense.repository.spi;

/** How quickly, and at which price, an object can be read. From quick to slow. */
public enum ObjectTier {
  /** Read at once. */
  HOT,
  /** Read at once, dearer to read, cheaper to keep. */
  COOL,
  /** Not readable before it was brought back, which takes hours. */
  ARCHIVE
}
