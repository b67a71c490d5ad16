package io.sendense.protocol;

import java.time.Instant;
import java.util.UUID;

/** What became of a command, with one sentence for people. */
public record CommandResult(UUID command, Outcome outcome, Instant finishedAt, String text) {
  /** How it ended. */
  public enum Outcome {
    SUCCEEDED,
    FAILED,
    /** Its deadline had passed before it could begin. */
    EXPIRED,
    /** Of a kind or with arguments that this appliance does not know. */
    REFUSED
  }

  public CommandResult {
    Bounds.required(command, "command");
    Bounds.required(outcome, "outcome");
    Bounds.required(finishedAt, "finishedAt");
    Bounds.text(text, Bounds.SENTENCE, "text");
  }
}
