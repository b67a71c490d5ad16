package io.sendense.connectors.spi;

/**
 * Names the state on the source that a stored restore point corresponds to, such as the dirty
 * bitmap that has recorded writes since. Kept with the point; opaque to everyone but its connector.
 */
public record Baseline(String token) {
  /** What an annotation of a point can hold: some platforms name a snapshot for every disk. */
  public static final int MAX_CHARACTERS = 4000;

  public Baseline {
    if (token.isBlank() || token.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "a baseline token has 1 to " + MAX_CHARACTERS + " characters");
    }
  }
}
