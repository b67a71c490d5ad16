package io.sendense.protocol;

import io.sendense.domain.VmId;
import java.time.Instant;
import java.util.Optional;

/**
 * A restore point that an appliance told of and that cannot be restored any more. Told again it
 * changes nothing. A {@link Point} that is told later takes it back: what was damaged was mended.
 *
 * @param id the point's id in its repository
 * @param at when it was let go, or when the appliance saw that it was gone
 * @param detail for people, such as the policy or what is damaged
 */
public record PointGone(
    String id, VmId vm, String repository, Instant at, Reason reason, Optional<String> detail) {
  /** Why it is gone. */
  public enum Reason {
    /** The policy keeps it no longer. */
    RETENTION,
    /** Somebody deleted it, or a policy of another appliance did. */
    DELETED,
    /** What it needs is missing or damaged. */
    DAMAGED
  }

  public PointGone {
    Bounds.text(id, Bounds.IDENTIFIER, "id");
    Bounds.required(vm, "vm");
    Bounds.text(repository, Bounds.NAME, "repository");
    Bounds.required(at, "at");
    Bounds.required(reason, "reason");
    detail = Bounds.optionalText(detail, Bounds.SENTENCE, "detail");
  }
}
