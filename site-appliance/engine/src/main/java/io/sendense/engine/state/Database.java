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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One SQLite file of the appliance: one connection, one statement at a time, every commit durable
 * before it returns (write-ahead log, synchronous=FULL). Several processes may hold it open at
 * once; a writer waits for another up to a bound. Thread-safe.
 */
public final class Database implements AutoCloseable {
  private static final int BUSY_MILLIS = 20_000;

  private final Path file;
  private final Connection connection;

  private Database(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /**
   * What a file holds.
   *
   * @param file its name in the state folder
   * @param version of the statements, from 1
   * @param statements that make an empty file one of this version
   */
  public record Schema(String file, int version, List<String> statements) {
    public Schema {
      statements = List.copyOf(statements);
    }
  }

  /**
   * Opens the file in {@code folder}, making both where they are missing, readable by this user
   * only.
   *
   * @throws SendenseException FORBIDDEN, STORE_UNKNOWN_VERSION for a file of a newer program
   */
  public static Database open(Path folder, Schema schema) {
    Path file = folder.resolve(schema.file());
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
      database.migrate(schema);
      return database;
    } catch (IOException | SQLException e) {
      throw failure(file, e);
    }
  }

  private void migrate(Schema schema) {
    inTransaction(
        () -> {
          int found = query("PRAGMA user_version", row -> row.getInt(1)).getFirst();
          if (found > schema.version()) {
            throw new SendenseException(
                ErrorCode.STORE_UNKNOWN_VERSION,
                "state "
                    + file
                    + " has version "
                    + found
                    + ", this program knows "
                    + schema.version(),
                "Use the newer program that wrote it, or name another folder with --state.");
          }
          if (found == 0) {
            schema.statements().forEach(this::execute);
            execute("PRAGMA user_version = " + schema.version());
          }
        });
  }

  /** Runs the work as one transaction; an exception rolls all of it back. May be nested. */
  public void inTransaction(Runnable work) {
    boolean unused =
        inTransaction(
            () -> {
              work.run();
              return true;
            });
  }

  /** The same for work that gives a value. Of nested ones the outermost decides. */
  public synchronized <T> T inTransaction(Supplier<T> work) {
    try {
      if (!connection.getAutoCommit()) {
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
    }
  }

  /** Runs one statement and returns how many rows it touched. */
  public synchronized int update(String sql, @Nullable Object... values) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  /** The rows in order. */
  public synchronized <T> List<T> query(
      String sql, RowReader<T> reader, @Nullable Object... values) {
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
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }
}
