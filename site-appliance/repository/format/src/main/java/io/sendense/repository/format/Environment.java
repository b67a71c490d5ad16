package io.sendense.repository.format;

import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * What a repository needs of the world.
 *
 * @param clock the appliance's clock, for dates shown to people; no safety rests on it
 * @param random for keys and names
 * @param tuning bounds on memory and threads
 */
public record Environment(InstantSource clock, SecureRandom random, Tuning tuning) {
  public static Environment of(InstantSource clock, SecureRandom random) {
    return new Environment(clock, random, Tuning.defaults());
  }
}
