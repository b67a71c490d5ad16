package io.sendense.engine.state;

import java.time.Instant;
import java.util.Optional;

/**
 * A job as the state store remembers it.
 *
 * @param id UUID of version 7, so ids ascend with the time they were made
 * @param subject the machine's name, or the point's id for a restore
 * @param repository location of the repository
 * @param phase step it is in, or was in when it ended
 * @param point id of the point it made or read
 * @param mode of a backup: full, incremental or compare
 * @param reason why that mode, or why it was interrupted
 * @param errorCode such as SD-3000
 */
public record JobRecord(
    String id,
    Kind kind,
    String lockName,
    String subject,
    String repository,
    State state,
    String phase,
    Instant createdAt,
    Optional<Instant> finishedAt,
    Optional<String> point,
    Optional<String> mode,
    Optional<String> reason,
    Optional<String> errorCode,
    Optional<String> errorText,
    Bytes bytes) {

  /** What a job does. */
  public enum Kind {
    BACKUP,
    RESTORE,
    VERIFY,
    COPY,
    HEAL,
    TIER,
    REHYDRATE,
    COLLECT,
    INSTANT,
    PROVE
  }

  /** Where it stands; every state but RUNNING is final. */
  public enum State {
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    INTERRUPTED
  }

  /**
   * @param read from the source, or from the store for a restore
   * @param changed in chunks that differ from the point before
   * @param stored newly in the repository, after compression
   */
  public record Bytes(long read, long changed, long stored) {
    public static final Bytes NONE = new Bytes(0, 0, 0);
  }
}
