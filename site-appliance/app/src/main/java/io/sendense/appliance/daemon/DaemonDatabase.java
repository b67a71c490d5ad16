package io.sendense.appliance.daemon;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What the daemon must not forget, in {@code daemon.db}: one connection, every commit durable
 * before it returns. Thread-safe; one process, which the state folder's lock sees to.
 */
final class DaemonDatabase implements AutoCloseable {
  private static final int VERSION = 1;

  private static final List<String> SCHEMA =
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
              + " UNIQUE (stream, epoch, sequence)) STRICT");

  /** Reads one row. */
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final Path file;
  private final Connection connection;
  private final ReentrantLock lock = new ReentrantLock();

  private DaemonDatabase(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /**
   * @throws SendenseException STORE_UNKNOWN_VERSION for the file of a newer program
   */
  static DaemonDatabase open(Path folder) {
    Path file = folder.resolve("daemon.db");
    try {
      if (System.getProperty("org.sqlite.tmpdir") == null) {
        System.setProperty("org.sqlite.tmpdir", folder.toString()); // /tmp is often noexec
      }
      Properties settings = new Properties();
      settings.setProperty("journal_mode", "WAL");
      settings.setProperty("synchronous", "FULL");
      settings.setProperty("busy_timeout", "20000");
      DaemonDatabase database =
          new DaemonDatabase(file, DriverManager.getConnection("jdbc:sqlite:" + file, settings));
      database.migrate();
      return database;
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  private void migrate() {
    int found = query("PRAGMA user_version", row -> row.getInt(1)).getFirst();
    if (found > VERSION) {
      throw new SendenseException(
          ErrorCode.STORE_UNKNOWN_VERSION,
          "state " + file + " has version " + found + ", this program knows " + VERSION,
          "Use the newer program that wrote it.");
    }
    if (found == 0) {
      boolean made =
          inTransaction(
              () -> {
                SCHEMA.forEach(this::execute);
                execute("PRAGMA user_version = " + VERSION);
                return true;
              });
      if (!made) {
        throw new IllegalStateException("not reached");
      }
    }
  }

  /** All or nothing; may be nested, the outermost decides. */
  <T> T inTransaction(Supplier<T> work) {
    lock.lock();
    try {
      if (lock.getHoldCount() > 1 && !connection.getAutoCommit()) {
        return work.get();
      }
      connection.setAutoCommit(false);
      try {
        T result = work.get();
        connection.commit();
        return result;
      } catch (RuntimeException | SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw failure(file, e);
    } finally {
      lock.unlock();
    }
  }

  int update(String sql, Object... values) {
    lock.lock();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw failure(file, e);
    } finally {
      lock.unlock();
    }
  }

  <T> List<T> query(String sql, RowReader<T> reader, Object... values) {
    lock.lock();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(reader.read(rows));
        }
      }
      return found;
    } catch (SQLException e) {
      throw failure(file, e);
    } finally {
      lock.unlock();
    }
  }

  java.util.Optional<String> setting(String name) {
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

  private void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(file, e);
    } finally {
      lock.unlock();
    }
  }

  private static SendenseException failure(Path file, Exception cause) {
    String text = String.valueOf(cause.getMessage());
    boolean full = text.contains("SQLITE_FULL") || text.contains("No space left");
    return new SendenseException(
        full ? ErrorCode.NO_SPACE : ErrorCode.INTERNAL,
        "state " + file + " cannot be used: " + text,
        full ? "Free space there." : "Check that the state folder is writable by this user.",
        cause);
  }
}
