package io.sendense.demo;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.postgres.DatabaseAccess;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL of one's own instead of the embedded one. Its address comes as an option, who may
 * enter from the environment, so that no password stands in the list of processes.
 */
final class ExternalDatabase {
  static final String OWNER_USER = "SENDENSE_DB_OWNER_USER";
  static final String OWNER_PASSWORD = "SENDENSE_DB_OWNER_PASSWORD";
  static final String APP_USER = "SENDENSE_DB_USER";
  static final String APP_PASSWORD = "SENDENSE_DB_PASSWORD";

  private static final int OLDEST = 18;
  private static final String PREPARE =
      "docs/guides/control-plane.md shows the statements that prepare a database.";

  private ExternalDatabase() {}

  /** What was found there. */
  record Found(DatabaseAccess access, String version) {}

  /**
   * Looks before anything is started whether both roles can enter and the database is a fresh one.
   *
   * @throws SendenseException BAD_ARGUMENT for a wrong address, missing or unfit roles, a database
   *     that is not empty or too old; DATABASE_UNAVAILABLE where nobody lets them in
   */
  static Found check(String url, Map<String, String> environment) {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw bad(
          "\"" + url + "\" is no address of a PostgreSQL", "Give jdbc:postgresql://HOST/NAME.");
    }
    if (url.matches("(?is).*[?&](user|password)=.*") || url.matches(".*//[^/]*@.*")) {
      throw bad(
          "the database's address holds credentials, which every user of this machine could read",
          "Leave them out and set " + OWNER_USER + " and its three companions instead.");
    }
    List<String> missing = new ArrayList<>();
    for (String name : List.of(OWNER_USER, OWNER_PASSWORD, APP_USER, APP_PASSWORD)) {
      if (environment.getOrDefault(name, "").isBlank()) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      throw bad("these are not set: " + String.join(", ", missing), PREPARE);
    }
    DatabaseAccess access =
        new DatabaseAccess(
            url,
            environment.getOrDefault(OWNER_USER, ""),
            environment.getOrDefault(OWNER_PASSWORD, ""),
            environment.getOrDefault(APP_USER, ""),
            environment.getOrDefault(APP_PASSWORD, ""));
    return new Found(access, look(access));
  }

  private static String look(DatabaseAccess access) {
    requireAppRole(access);
    try (Connection owner = connect(access, access.ownerUser(), access.ownerPassword())) {
      int number = Integer.parseInt(text(owner, "show server_version_num"));
      if (number < OLDEST * 10_000) {
        throw bad(
            access.url() + " is version " + text(owner, "show server_version"),
            "Use PostgreSQL " + OLDEST + " or newer.");
      }
      if (!text(owner, "select has_database_privilege(current_database(), 'CREATE')").equals("t")) {
        throw bad(
            access.ownerUser() + " may not create schemas in " + access.url(),
            "Make it the database's owner. " + PREPARE);
      }
      String used =
          text(
              owner,
              "select coalesce(string_agg(nspname, ', ' order by nspname), '') from pg_namespace"
                  + " where nspname !~ '^(pg_|information_schema|public$)'");
      if (!used.isEmpty()) {
        throw bad(
            access.url() + " is in use: it has the schemas " + used,
            "The story begins with an empty database: create a fresh one, or drop and create this"
                + " one if it is of an earlier story.");
      }
      return text(owner, "show server_version");
    } catch (SQLException e) {
      throw unavailable(access, access.ownerUser(), e);
    }
  }

  private static void requireAppRole(DatabaseAccess access) {
    try (Connection app = connect(access, access.appUser(), access.appPassword())) {
      String unbound =
          text(app, "select rolsuper or rolbypassrls from pg_roles where rolname = current_user");
      if (unbound.equals("t") || access.appUser().equals(access.ownerUser())) {
        throw bad(
            access.appUser() + " is not bound by row-level security",
            "Give " + APP_USER + " a role of its own without SUPERUSER and BYPASSRLS. " + PREPARE);
      }
    } catch (SQLException e) {
      throw unavailable(access, access.appUser(), e);
    }
  }

  private static Connection connect(DatabaseAccess access, String user, String password)
      throws SQLException {
    DriverManager.setLoginTimeout(10);
    return DriverManager.getConnection(access.url(), user, password);
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  private static SendenseException bad(String what, String remedy) {
    return new SendenseException(ErrorCode.BAD_ARGUMENT, what, remedy);
  }

  private static SendenseException unavailable(
      DatabaseAccess access, String user, SQLException cause) {
    return new SendenseException(
        ErrorCode.DATABASE_UNAVAILABLE,
        access.url() + " let nobody in as " + user + ": " + cause.getMessage(),
        "Check that PostgreSQL runs there and the role's name and password. " + PREPARE,
        cause);
  }
}
