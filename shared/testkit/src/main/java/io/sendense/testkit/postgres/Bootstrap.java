package io.sendense.testkit.postgres;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** What the superuser does once: roles and the database. Nobody else ever uses that account. */
final class Bootstrap {
  private final String server;
  private final String user;
  private final String password;

  Bootstrap(String server, String user, String password) {
    this.server = server;
    this.user = user;
    this.password = password;
  }

  void awaitReady(ChildProcess process, Duration deadline) {
    try {
      process.await("a first connection", deadline, this::accepts);
    } catch (AssertionError e) {
      throw new SendenseException(
          ErrorCode.DEADLINE_EXCEEDED,
          "PostgreSQL did not come up: " + e.getMessage(),
          "Mend what its last lines name; they stand in this message.",
          e);
    }
  }

  void createRole(String role, String rolePassword) {
    execute(
        "postgres",
        "do $$ begin if not exists (select from pg_roles where rolname = '"
            + role
            + "') then create role "
            + role
            + " login nosuperuser nocreatedb nocreaterole nobypassrls; end if; end $$");
    execute("postgres", "alter role " + role + " password '" + rolePassword + "'");
  }

  void createDatabase(String name, String owner, String app) {
    if (!exists(name)) {
      execute("postgres", "create database " + name + " owner " + owner);
    }
    execute(name, "revoke all on schema public from public");
    execute(name, "alter schema public owner to " + owner);
    execute(name, "revoke all on database " + name + " from public");
    execute(name, "grant connect on database " + name + " to " + app);
  }

  private boolean exists(String database) {
    try (Connection connection = connect("postgres");
        PreparedStatement query =
            connection.prepareStatement("select 1 from pg_database where datname = ?")) {
      query.setString(1, database);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    } catch (SQLException e) {
      throw failed("looking for database " + database, e);
    }
  }

  private void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(sql);
    } catch (SQLException e) {
      throw failed("preparing database " + database, e);
    }
  }

  private boolean accepts() {
    try (Connection connection = connect("postgres")) {
      return connection.isValid(5);
    } catch (SQLException notYet) {
      return false;
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(server + database, user, password);
  }

  private static SendenseException failed(String what, SQLException e) {
    // The statement may hold a password, so only the server's own words are passed on.
    return new SendenseException(
        ErrorCode.INTERNAL, what + " failed: " + e.getMessage(), "Read the server's log.", e);
  }
}
