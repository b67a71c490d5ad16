package io.sendense.engine.state;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which disks of a restore that has not ended are written and proved, so that after a crash the
 * same restore goes on where it was. A place has one restore at a time. Each change is durable when
 * it returns. Thread-safe.
 */
public final class RestoreSteps implements AutoCloseable {
  static final Database.Schema SCHEMA =
      new Database.Schema(
          "restores.db",
          1,
          List.of(
              "CREATE TABLE restore (place TEXT PRIMARY KEY, point TEXT NOT NULL) STRICT",
              """
          CREATE TABLE proved_disk (
            place TEXT NOT NULL REFERENCES restore (place), disk TEXT NOT NULL,
            PRIMARY KEY (place, disk)) STRICT"""));

  private final Database database;

  RestoreSteps(Database database) {
    this.database = database;
  }

  /** Whether a restore of this point to this place was begun and has not ended. */
  public boolean isOpen(String place, String point) {
    return !database
        .query("SELECT 1 FROM restore WHERE place = ? AND point = ?", row -> 1, place, point)
        .isEmpty();
  }

  /**
   * Begins a restore, or goes on with the one of the same point; one of another point is forgotten.
   *
   * @return names of the disks that were proved
   */
  public Set<String> begin(String place, String point) {
    return database.inTransaction(
        () -> {
          if (!isOpen(place, point)) {
            end(place);
            database.update("INSERT INTO restore (place, point) VALUES (?, ?)", place, point);
          }
          return new HashSet<>(
              database.query(
                  "SELECT disk FROM proved_disk WHERE place = ?",
                  row -> String.valueOf(row.getString(1)),
                  place));
        });
  }

  /** Everything of the disk was written, made durable and read back; it gets its name next. */
  public void proved(String place, String disk) {
    database.update(
        "INSERT INTO proved_disk (place, disk) VALUES (?, ?) ON CONFLICT DO NOTHING", place, disk);
  }

  /** The restore has ended, well or not. */
  public void end(String place) {
    database.inTransaction(
        () -> {
          database.update("DELETE FROM proved_disk WHERE place = ?", place);
          database.update("DELETE FROM restore WHERE place = ?", place);
        });
  }

  @Override
  public void close() {
    database.close();
  }
}
