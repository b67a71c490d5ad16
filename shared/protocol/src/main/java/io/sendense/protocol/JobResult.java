package io.sendense.protocol;

import io.sendense.domain.PolicyId;
import io.sendense.domain.VmId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * How a job on the appliance ended.
 *
 * @param kind for example {@code backup}
 * @param point the point that it made, when it succeeded
 * @param errorCode for example {@code SD-3000}, when it did not
 * @param errorText what was wrong and what to do, for people
 */
public record JobResult(
    UUID id,
    String kind,
    VmId vm,
    Optional<PolicyId> policy,
    Outcome outcome,
    Instant startedAt,
    Instant finishedAt,
    Optional<String> point,
    Optional<String> errorCode,
    Optional<String> errorText) {
  /** How it ended. */
  public enum Outcome {
    SUCCEEDED,
    FAILED,
    CANCELLED
  }

  public JobResult {
    Bounds.required(id, "id");
    Bounds.text(kind, Bounds.IDENTIFIER, "kind");
    Bounds.required(vm, "vm");
    policy = Bounds.optional(policy);
    Bounds.required(outcome, "outcome");
    Bounds.required(startedAt, "startedAt");
    Bounds.required(finishedAt, "finishedAt");
    point = Bounds.optionalText(point, Bounds.IDENTIFIER, "point");
    errorCode = Bounds.optionalText(errorCode, Bounds.IDENTIFIER, "errorCode");
    errorText = Bounds.optionalText(errorText, Bounds.SENTENCE, "errorText");
  }
}
