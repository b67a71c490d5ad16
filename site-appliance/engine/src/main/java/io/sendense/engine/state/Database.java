package io.sendense.engine.state;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The appliance's SQLite file: one connection, one statement at a time, every commit durable before
 * it returns (write-ahead log, synchronous=FULL). Several processes may hold it open at once; a
 * writer waits for another up to a bound. Thread-safe.
 */
final class Database implements AutoCloseable {
  static final String FILE = "appliance.db";
  private static final int VERSION = 1;
  private static final int BUSY_MILLIS = 20_000;

  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE job (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, lock_name TEXT NOT NULL,
            subject TEXT NOT NULL, repository TEXT NOT NULL,
            state TEXT NOT NULL, phase TEXT NOT NULL,
            created_at INTEGER NOT NULL, finished_at INTEGER,
            point TEXT, mode TEXT, reason TEXT, error_code TEXT, error_text TEXT,
            bytes_read INTEGER NOT NULL DEFAULT 0, bytes_changed INTEGER NOT NULL DEFAULT 0,
            bytes_stored INTEGER NOT NULL DEFAULT 0) STRICT""",
          "CREATE INDEX job_state ON job (state)",
          """
          CREATE TABLE job_step (
            job TEXT NOT NULL REFERENCES job (id), seq INTEGER NOT NULL,
            phase TEXT NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL,
            PRIMARY KEY (job, seq)) STRICT""",
          """
          CREATE TABLE owner_record (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            source TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
            UNIQUE (source, kind, name)) STRICT""",
          """
          CREATE TABLE protected_vm (
            repository TEXT NOT NULL, vm TEXT NOT NULL, last_point_at INTEGER NOT NULL,
            PRIMARY KEY (repository, vm)) STRICT""");

  private final Path file;
  private final Connection connection;

  private Database(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /**
   * Opens the file in {@code folder}, making both where they are missing, readable by this user
   * only.
   *
   * @throws SendenseException FORBIDDEN, STORE_UNKNOWN_VERSION for a file of a newer program
   */
  static Database open(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      // The driver unpacks its native library there; /tmp is often mounted noexec.
      if (System.getProperty("org.sqlite.tmpdir") == null) {
        System.setProperty("org.sqlite.tmpdir", folder.toString());
      }
      Properties settings = new Properties();
      settings.setProperty("journal_mode", "WAL");
      settings.setProperty("synchronous", "FULL");
      settings.setProperty("busy_timeout", Integer.toString(BUSY_MILLIS));
      settings.setProperty("foreign_keys", "true");
      settings.setProperty("transaction_mode", "IMMEDIATE");
      Database database =
          new Database(file, DriverManager.getConnection("jdbc:sqlite:" + file, settings));
      database.migrate();
      return database;
    } catch (IOException | SQLException e) {
      throw failure(file, e);
    }
  }

  private void migrate() {
    inTransaction(
        () -> {
          int found = query("PRAGMA user_version", row -> row.getInt(1)).getFirst();
          if (found > VERSION) {
            throw new SendenseException(
                ErrorCode.STORE_UNKNOWN_VERSION,
                "state " + file + " has version " + found + ", this program knows " + VERSION,
                "Use the newer program that wrote it, or name another folder with --state.");
          }
          if (found == 0) {
            SCHEMA.forEach(this::execute);
            execute("PRAGMA user_version = " + VERSION);
          }
        });
  }

  /** Runs the work as one transaction; an exception rolls all of it back. */
  synchronized void inTransaction(Runnable work) {
    try {
      connection.setAutoCommit(false);
      try {
        work.run();
        connection.commit();
      } catch (RuntimeException | SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  /** Runs one statement and returns how many rows it touched. */
  synchronized int update(String sql, @Nullable Object... values) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  synchronized <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... values) {
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
    }
  }

  private void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  private static SendenseException failure(Path file, Exception cause) {
    String text = String.valueOf(cause.getMessage());
    boolean full = text.contains("SQLITE_FULL") || text.contains("No space left");
    return new SendenseException(
        full ? ErrorCode.NO_SPACE : ErrorCode.INTERNAL,
        "state " + file + " cannot be used: " + text,
        full
            ? "Free space there, or name another folder with --state."
            : "Check that the folder is writable by this user and on a local disk.",
        cause);
  }

  /** Reads one row; called with the cursor on it. */
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }
}
