package io.sendense.appliance.daemon;

import io.sendense.engine.state.Database;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the daemon must not forget, in {@code daemon.db}: every commit is durable before it returns.
 * Thread-safe; one process, which the state folder's lock sees to.
 */
final class DaemonDatabase implements AutoCloseable {
  private static final Database.Schema SCHEMA =
      new Database.Schema(
          "daemon.db",
          1,
          List.of(
              "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
              "CREATE TABLE vm (name TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, disks TEXT NOT NULL)"
                  + " STRICT",
              "CREATE TABLE started (policy TEXT NOT NULL, vm TEXT NOT NULL, at INTEGER NOT NULL,"
                  + " PRIMARY KEY (policy, vm)) STRICT",
              "CREATE TABLE command (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT",
              "CREATE TABLE held (point TEXT NOT NULL, repository TEXT NOT NULL, vm TEXT NOT NULL,"
                  + " stored INTEGER NOT NULL, PRIMARY KEY (point, repository)) STRICT",
              "CREATE TABLE moved (vm TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT",
              "CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, part BLOB NOT NULL) STRICT",
              "CREATE TABLE usage_record (seq INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL,"
                  + " epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, bytes BLOB NOT NULL,"
                  + " UNIQUE (stream, epoch, sequence)) STRICT"));

  private final Database database;

  private DaemonDatabase(Database database) {
    this.database = database;
  }

  /**
   * @throws io.sendense.domain.SendenseException STORE_UNKNOWN_VERSION for the file of a newer
   *     program
   */
  static DaemonDatabase open(Path folder) {
    return new DaemonDatabase(Database.open(folder, SCHEMA));
  }

  /** All or nothing; may be nested, the outermost decides. */
  void inTransaction(Runnable work) {
    database.inTransaction(work);
  }

  /** The same for work that gives a value. */
  <T> T inTransaction(Supplier<T> work) {
    return database.inTransaction(work);
  }

  int update(String sql, Object... values) {
    return database.update(sql, values);
  }

  <T> List<T> query(String sql, Database.RowReader<T> reader, Object... values) {
    return database.query(sql, reader, values);
  }

  Optional<String> setting(String name) {
    return query("SELECT value FROM setting WHERE name = ?", row -> row.getString(1), name).stream()
        .findFirst();
  }

  void set(String name, String value) {
    int rows =
        update(
            "INSERT INTO setting (name, value) VALUES (?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value);
    if (rows != 1) {
      throw new IllegalStateException("setting " + name + " was not stored");
    }
  }

  void unset(String name) {
    update("DELETE FROM setting WHERE name = ?", name);
  }

  @Override
  public void close() {
    database.close();
  }
}
