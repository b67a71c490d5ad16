package io.sendense.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class PostgresServerTest {
  private static final Path CACHE = Path.of("target/peers");
  @TempDir Path home;

  @Test
  void keepsWhatWasCommittedOverAKillAndRunsDurably() throws Exception {
    DatabaseAccess first;
    try (PostgresServer server = start(home.resolve("pg"))) {
      first = server.access();
      try (Connection owner = owner(first);
          Statement statement = owner.createStatement()) {
        boolean unused = statement.execute("create schema s; create table s.t as select 42 as n");
      }
      assertThat(text(first, "select current_setting('fsync')")).isEqualTo("on");
      assertThat(text(first, "select current_setting('synchronous_commit')")).isEqualTo("on");
      server.kill();
    }
    try (PostgresServer server = start(home.resolve("pg"))) {
      assertThat(text(server.access(), "select n from s.t")).isEqualTo("42");
      assertThat(server.access().appPassword()).isEqualTo(first.appPassword());
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("pg"))))
        .isEqualTo("rwx------");
  }

  @Test
  void refusesAWrongPasswordAndGivesTheAppRoleNoPower() throws Exception {
    try (PostgresServer server = start(home.resolve("pg"))) {
      DatabaseAccess access = server.access();
      assertThatThrownBy(
              () -> DriverManager.getConnection(access.url(), access.appUser(), "guessed"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
      assertThat(
              text(
                  access,
                  "select rolsuper::text || rolbypassrls::text || rolcreaterole::text"
                      + " from pg_roles where rolname = '"
                      + access.appUser()
                      + "'"))
          .isEqualTo("falsefalsefalse");
    }
  }

  @Test
  void saysThatThePortIsTaken() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () ->
                  PostgresServer.start(
                      new PostgresServer.Settings(
                          CACHE, home.resolve("pg"), other.getLocalPort(), Duration.ofSeconds(30))))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.PORT_TAKEN);
                assertThat(e).hasMessageContaining(Integer.toString(other.getLocalPort()));
              });
    }
  }

  private static PostgresServer start(Path home) {
    return PostgresServer.start(new PostgresServer.Settings(CACHE, home));
  }

  private static Connection owner(DatabaseAccess access) throws SQLException {
    return DriverManager.getConnection(access.url(), access.ownerUser(), access.ownerPassword());
  }

  private static String text(DatabaseAccess access, String query) throws SQLException {
    try (Connection owner = owner(access);
        Statement statement = owner.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
