package io.sendense.engine.instant;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.Database;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Instant recoveries that have not ended. Each change is durable when it returns. Thread-safe;
 * several processes may hold it open.
 */
public final class InstantStore implements AutoCloseable {
  private static final Database.Schema SCHEMA =
      new Database.Schema(
          "instant.db",
          1,
          List.of(
              """
          CREATE TABLE instant (
            id TEXT PRIMARY KEY, repository TEXT NOT NULL, location TEXT NOT NULL,
            point TEXT NOT NULL, platform TEXT NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL,
            socket TEXT NOT NULL, state TEXT NOT NULL, held INTEGER NOT NULL,
            baseline TEXT,
            created_at INTEGER NOT NULL) STRICT"""));

  private static final String COLUMNS =
      "id, repository, location, point, platform, folder, name, socket, state, held,"
          + " baseline, created_at";

  private final Database database;

  private InstantStore(Database database) {
    this.database = database;
  }

  /**
   * @param folder the appliance's state
   * @throws SendenseException as {@link Database#open}
   */
  public static InstantStore open(Path folder) {
    return new InstantStore(Database.open(folder, SCHEMA));
  }

  public void add(InstantRecord record) {
    database.update(
        "INSERT INTO instant (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        record.id(),
        record.repository(),
        record.location(),
        record.point(),
        record.platform(),
        record.folder().toString(),
        record.name(),
        record.socket().toString(),
        record.state().name(),
        record.held() ? 1 : 0,
        record.baseline().orElse(null),
        record.createdAt().toEpochMilli());
  }

  /** Its point is on hold for it. */
  public void held(String id) {
    database.update("UPDATE instant SET held = 1 WHERE id = ?", id);
  }

  /** It runs, and its writes are noted since then. */
  public void running(String id, String baseline) {
    database.update(
        "UPDATE instant SET state = 'RUNNING', baseline = ? WHERE id = ? AND state = 'STARTING'",
        baseline,
        id);
  }

  /**
   * Moves on to another state; one that is being discarded stays so.
   *
   * @throws SendenseException CONFLICT where it is gone or being discarded
   */
  public void enter(String id, InstantState state) {
    int changed =
        database.update(
            "UPDATE instant SET state = ? WHERE id = ? AND (state <> 'DISCARDING' OR ? ="
                + " 'DISCARDING')",
            state.name(),
            id,
            state.name());
    if (changed != 1) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "instant recovery " + id + " is being discarded or is gone",
          "Look at what there is with: instant list");
    }
  }

  /** Nothing of it is ours any more. */
  public void remove(String id) {
    database.update("DELETE FROM instant WHERE id = ?", id);
  }

  /** All, oldest first. */
  public List<InstantRecord> all() {
    return database.query(
        "SELECT " + COLUMNS + " FROM instant ORDER BY created_at, id", InstantStore::read);
  }

  public Optional<InstantRecord> find(String id) {
    return database
        .query("SELECT " + COLUMNS + " FROM instant WHERE id = ?", InstantStore::read, id)
        .stream()
        .findFirst();
  }

  private static InstantRecord read(ResultSet row) throws SQLException {
    @Nullable String baseline = row.getString(11);
    return new InstantRecord(
        text(row, 1),
        text(row, 2),
        text(row, 3),
        text(row, 4),
        text(row, 5),
        Path.of(text(row, 6)),
        text(row, 7),
        Path.of(text(row, 8)),
        InstantState.valueOf(text(row, 9)),
        row.getInt(10) != 0,
        Optional.ofNullable(baseline),
        Instant.ofEpochMilli(row.getLong(12)));
  }

  private static String text(ResultSet row, int column) throws SQLException {
    @Nullable String value = row.getString(column);
    return Optional.ofNullable(value).orElseThrow();
  }

  @Override
  public void close() {
    database.close();
  }
}
