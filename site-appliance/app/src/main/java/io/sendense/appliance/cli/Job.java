package io.sendense.appliance.cli;

import io.sendense.engine.JobContext;
import io.sendense.engine.JobControl;
import io.sendense.engine.JobSettings;
import io.sendense.engine.state.StateStore;
import java.time.Duration;

/**
 * What a command runs a job with: the state store, progress lines and an end on SIGINT or SIGTERM.
 */
final class Job implements AutoCloseable {
  // A month: long enough for any disk, short enough that nothing hangs for ever.
  static final Duration LIMIT = Duration.ofDays(30);

  private final StateStore state;
  private final ProgressLines lines;
  private final JobContext context;
  private final Interrupts interrupts;

  private Job(StateStore state, ProgressLines lines, JobContext context, Interrupts interrupts) {
    this.state = state;
    this.lines = lines;
    this.context = context;
    this.interrupts = interrupts;
  }

  static Job open(Surroundings surroundings, CommonOptions options) {
    return open(surroundings, options, JobSettings.defaults());
  }

  static Job open(Surroundings surroundings, CommonOptions options, JobSettings settings) {
    StateStore state = options.openState(surroundings);
    ProgressLines lines = new ProgressLines(surroundings.err(), surroundings.terminal());
    JobControl control = new JobControl(LIMIT);
    JobContext context =
        new JobContext(
            state, surroundings.clock(), surroundings.random(), settings, control, lines);
    return new Job(state, lines, context, Interrupts.onSignal(control::cancel));
  }

  JobContext context() {
    return context;
  }

  StateStore state() {
    return state;
  }

  /** Clears the live line, so that the result is not written beside it. */
  void endProgress() {
    lines.end();
  }

  @Override
  public void close() {
    lines.end();
    try (interrupts) {
      state.close();
    }
  }
}
