package io.sendense.protocol;

import io.sendense.domain.VmId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Something to do once. The appliance remembers the id, so that a command seen twice runs once, and
 * reports a {@link CommandResult}; a kind it does not know is reported as refused.
 *
 * @param kind what to do, one of the constants here
 * @param deadline past it the command is not begun but reported as expired
 */
public record Command(UUID id, String kind, Optional<VmId> vm, Instant issuedAt, Instant deadline) {
  /** Back up {@code vm} now, by its policy. */
  public static final String BACKUP_NOW = "backup-now";

  /** Close the current usage hour and send what is not acknowledged. */
  public static final String SEND_USAGE = "send-usage";

  public Command {
    Bounds.required(id, "id");
    Bounds.text(kind, Bounds.IDENTIFIER, "kind");
    vm = Bounds.optional(vm);
    Bounds.required(issuedAt, "issuedAt");
    Bounds.required(deadline, "deadline");
  }
}
