package io.sendense.engine;

import io.sendense.engine.state.StateStore;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What a job is given besides its subject.
 *
 * @param state jobs and owner records
 * @param clock for dates shown to people and job ids
 * @param random for ids and for the choice of samples
 */
public record JobContext(
    StateStore state,
    InstantSource clock,
    RandomGenerator random,
    JobSettings settings,
    JobControl control,
    JobListener listener) {

  JobContext withSettings(JobSettings other) {
    return new JobContext(state, clock, random, other, control, listener);
  }
}
