package io.sendense.connectors.spi;

/**
 * Names the state on the source that a stored restore point corresponds to, such as the dirty
 * bitmap that has recorded writes since. Kept with the point; opaque to everyone but its connector.
 */
public record Baseline(String token) {
  public Baseline {
    if (token.isBlank() || token.length() > 512) {
      throw new IllegalArgumentException("a baseline token has 1 to 512 characters");
    }
  }
}
