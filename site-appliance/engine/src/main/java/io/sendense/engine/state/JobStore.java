package io.sendense.engine.state;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Jobs with every step they took. Each call is durable when it returns. Thread-safe. */
public final class JobStore {
  static final String INTERRUPTED =
      "the process that ran it ended without finishing it; the next run goes on";

  private static final String COLUMNS =
      "id, kind, lock_name, subject, repository, state, phase, created_at, finished_at, point,"
          + " mode, reason, error_code, error_text, bytes_read, bytes_changed, bytes_stored";

  private final Database database;
  private final JobLocks locks;
  private final InstantSource clock;

  JobStore(Database database, JobLocks locks, InstantSource clock) {
    this.database = database;
    this.locks = locks;
    this.clock = clock;
  }

  /**
   * Records a running job; its lock must be held by the caller for as long as it runs. Whatever
   * else still counts as running under that lock has therefore ended and is marked so.
   */
  public void start(
      String id,
      JobRecord.Kind kind,
      String lockName,
      String subject,
      String repository,
      String phase) {
    long now = clock.millis();
    database
        .query(
            "SELECT id FROM job WHERE state = 'RUNNING' AND lock_name = ?",
            row -> text(row, 1),
            lockName)
        .forEach(this::interrupt);
    database.inTransaction(
        () -> {
          database.update(
              "INSERT INTO job (id, kind, lock_name, subject, repository, state, phase, created_at)"
                  + " VALUES (?, ?, ?, ?, ?, 'RUNNING', ?, ?)",
              id,
              kind.name(),
              lockName,
              subject,
              repository,
              phase,
              now);
          step(id, phase, "", now);
        });
  }

  /** Records that a running job enters a phase. */
  public void enter(String id, String phase, String note) {
    database.inTransaction(
        () -> {
          int touched =
              database.update(
                  "UPDATE job SET phase = ? WHERE id = ? AND state = 'RUNNING'", phase, id);
          if (touched != 1) {
            throw new IllegalStateException("job " + id + " is not running");
          }
          step(id, phase, note, clock.millis());
        });
  }

  /** Records that something happened within a phase, such as an alarm. */
  public void happened(String id, String what, String note) {
    database.inTransaction(() -> step(id, what, note, clock.millis()));
  }

  /** Notes of what happened in a job under this name, in order. */
  public List<String> notes(String id, String what) {
    return database.query(
        "SELECT note FROM job_step WHERE job = ? AND phase = ? ORDER BY seq",
        row -> row.getString(1),
        id,
        what);
  }

  public void succeed(
      String id,
      Optional<String> point,
      Optional<String> mode,
      Optional<String> reason,
      JobRecord.Bytes bytes) {
    database.update(
        "UPDATE job SET state = 'SUCCEEDED', finished_at = ?, point = ?, mode = ?, reason = ?,"
            + " bytes_read = ?, bytes_changed = ?, bytes_stored = ?"
            + " WHERE id = ? AND state = 'RUNNING'",
        clock.millis(),
        point.orElse(null),
        mode.orElse(null),
        reason.orElse(null),
        bytes.read(),
        bytes.changed(),
        bytes.stored(),
        id);
  }

  /** Ends a job as failed or, for the code CANCELLED, as cancelled. */
  public void fail(String id, SendenseException failure) {
    boolean cancelled =
        switch (failure.code()) {
          case CANCELLED -> true;
          default -> false;
        };
    database.update(
        "UPDATE job SET state = ?, finished_at = ?, error_code = ?, error_text = ?"
            + " WHERE id = ? AND state = 'RUNNING'",
        (cancelled ? JobRecord.State.CANCELLED : JobRecord.State.FAILED).name(),
        clock.millis(),
        failure.code().id(),
        failure.getMessage(),
        id);
  }

  /** Newest first, at most {@code limit}. */
  public List<JobRecord> newest(int limit) {
    return database.query(
        "SELECT " + COLUMNS + " FROM job ORDER BY rowid DESC LIMIT ?", JobStore::read, limit);
  }

  /** Names of the phases a job entered, in order. */
  public List<String> phases(String id) {
    return database.query(
        "SELECT phase FROM job_step WHERE job = ? ORDER BY seq", row -> row.getString(1), id);
  }

  /**
   * The newest note that ends with {@code suffix}, of a finished job of this kind on a repository;
   * finished means succeeded, or failed with {@code failure} because that is a result too.
   */
  public Optional<String> lastNote(
      JobRecord.Kind kind, String repository, String suffix, ErrorCode failure) {
    return database
        .query(
            "SELECT s.note FROM job j JOIN job_step s ON s.job = j.id"
                + " WHERE j.kind = ? AND j.repository = ?"
                + " AND (j.state = 'SUCCEEDED' OR j.error_code = ?)"
                + " AND substr(s.note, -length(?)) = ? ORDER BY j.rowid DESC LIMIT 1",
            row -> text(row, 1),
            kind.name(),
            repository,
            failure.id(),
            suffix,
            suffix)
        .stream()
        .findFirst();
  }

  /** Subjects of the jobs of a kind on a repository that were begun at or after a time. */
  public List<String> subjects(JobRecord.Kind kind, String repository, Instant since) {
    return database.query(
        "SELECT DISTINCT subject FROM job WHERE kind = ? AND repository = ? AND created_at >= ?",
        row -> text(row, 1),
        kind.name(),
        repository,
        since.toEpochMilli());
  }

  /** Jobs that still count as running although their lock is free. */
  void markInterrupted() {
    List<JobRecord> running =
        database.query("SELECT " + COLUMNS + " FROM job WHERE state = 'RUNNING'", JobStore::read);
    for (JobRecord job : running) {
      locks
          .tryTake(job.lockName())
          .ifPresent(
              held -> {
                try (held) {
                  interrupt(job.id());
                }
              });
    }
  }

  private void interrupt(String id) {
    long now = clock.millis();
    database.inTransaction(
        () -> {
          int touched =
              database.update(
                  "UPDATE job SET state = 'INTERRUPTED', finished_at = ?, reason = ?"
                      + " WHERE id = ? AND state = 'RUNNING'",
                  now,
                  INTERRUPTED,
                  id);
          if (touched == 1) {
            step(id, "interrupted", INTERRUPTED, now);
          }
        });
  }

  private void step(String id, String phase, String note, long now) {
    database.update(
        "INSERT INTO job_step (job, seq, phase, at, note) VALUES (?,"
            + " (SELECT count(*) FROM job_step WHERE job = ?), ?, ?, ?)",
        id,
        id,
        phase,
        now,
        note);
  }

  private static JobRecord read(ResultSet row) throws SQLException {
    long finished = row.getLong(9);
    Optional<Instant> finishedAt =
        row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(finished));
    return new JobRecord(
        text(row, 1),
        JobRecord.Kind.valueOf(text(row, 2)),
        text(row, 3),
        text(row, 4),
        text(row, 5),
        JobRecord.State.valueOf(text(row, 6)),
        text(row, 7),
        Instant.ofEpochMilli(row.getLong(8)),
        finishedAt,
        optional(row, 10),
        optional(row, 11),
        optional(row, 12),
        optional(row, 13),
        optional(row, 14),
        new JobRecord.Bytes(row.getLong(15), row.getLong(16), row.getLong(17)));
  }

  private static String text(ResultSet row, int column) throws SQLException {
    return optional(row, column).orElseThrow();
  }

  private static Optional<String> optional(ResultSet row, int column) throws SQLException {
    @Nullable String value = row.getString(column);
    return Optional.ofNullable(value);
  }
}
