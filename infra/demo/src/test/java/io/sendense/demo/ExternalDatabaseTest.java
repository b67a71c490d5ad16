package io.sendense.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.Ports;
import io.sendense.testkit.postgres.DatabaseAccess;
import io.sendense.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExternalDatabaseTest {
  private PostgresServer server;
  private DatabaseAccess access;

  @BeforeAll
  void start(@TempDir Path home) {
    server = PostgresServer.start(new PostgresServer.Settings(Path.of("target/peers"), home));
    access = server.access();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void aPreparedDatabaseIsTakenAndNamedWithItsVersion() {
    ExternalDatabase.Found found = ExternalDatabase.check(access.url(), environment());
    assertThat(found.access()).isEqualTo(access);
    assertThat(found.version()).startsWith("18");
  }

  @Test
  void aWrongPasswordIsSaidWithTheRoleAndWithoutThePassword() {
    Map<String, String> wrong = environment();
    wrong.put(ExternalDatabase.OWNER_PASSWORD, "guessed");
    SendenseException e = refused(() -> ExternalDatabase.check(access.url(), wrong));
    assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
    assertThat(e)
        .hasMessageContaining("as " + access.ownerUser())
        .hasMessageNotContaining("guessed");
  }

  @Test
  void aServerThatIsNotThereIsSaidWithItsAddress() {
    String nowhere = "jdbc:postgresql://127.0.0.1:" + Ports.claim(0, "nobody") + "/sendense";
    SendenseException e = refused(() -> ExternalDatabase.check(nowhere, environment()));
    assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_UNAVAILABLE);
    assertThat(e).hasMessageContaining(nowhere);
  }

  @Test
  void anAppRoleThatRowLevelSecurityDoesNotBindIsRefused() {
    Map<String, String> same = environment();
    same.put(ExternalDatabase.APP_USER, access.ownerUser());
    same.put(ExternalDatabase.APP_PASSWORD, access.ownerPassword());
    assertThat(refused(() -> ExternalDatabase.check(access.url(), same)))
        .hasMessageContaining("not bound by row-level security");
  }

  @Test
  void anOwnerThatMayNotCreateIsRefused() {
    Map<String, String> swapped = environment();
    swapped.put(ExternalDatabase.OWNER_USER, access.appUser());
    swapped.put(ExternalDatabase.OWNER_PASSWORD, access.appPassword());
    swapped.put(ExternalDatabase.APP_USER, access.ownerUser());
    swapped.put(ExternalDatabase.APP_PASSWORD, access.ownerPassword());
    assertThat(refused(() -> ExternalDatabase.check(access.url(), swapped)))
        .hasMessageContaining(access.appUser() + " may not create schemas");
  }

  @Test
  void aDatabaseOfAnEarlierStoryIsRefusedBeforeAnythingIsDone() throws SQLException {
    execute("create schema tenancy");
    try {
      assertThat(refused(() -> ExternalDatabase.check(access.url(), environment())))
          .hasMessageContaining("is in use: it has the schemas tenancy");
    } finally {
      execute("drop schema tenancy");
    }
  }

  @Test
  void credentialsInTheAddressAndAForeignDatabaseAreRefused() {
    assertThat(
            refused(
                () ->
                    ExternalDatabase.check(
                        access.url() + "?user=a&password=secret", environment())))
        .hasMessageContaining("holds credentials")
        .hasMessageNotContaining("secret");
    assertThat(refused(() -> ExternalDatabase.check("jdbc:mysql://db/x", environment())))
        .hasMessageContaining("no address of a PostgreSQL");
  }

  @Test
  void everyMissingVariableIsNamedAtOnce() {
    Map<String, String> some = environment();
    some.remove(ExternalDatabase.OWNER_PASSWORD);
    some.remove(ExternalDatabase.APP_USER);
    assertThat(refused(() -> ExternalDatabase.check(access.url(), some)))
        .hasMessage("these are not set: SENDENSE_DB_OWNER_PASSWORD, SENDENSE_DB_USER");
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put(ExternalDatabase.OWNER_USER, access.ownerUser());
    environment.put(ExternalDatabase.OWNER_PASSWORD, access.ownerPassword());
    environment.put(ExternalDatabase.APP_USER, access.appUser());
    environment.put(ExternalDatabase.APP_PASSWORD, access.appPassword());
    return environment;
  }

  private void execute(String sql) throws SQLException {
    try (Connection owner =
            DriverManager.getConnection(access.url(), access.ownerUser(), access.ownerPassword());
        Statement statement = owner.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }

  private static SendenseException refused(ThrowingCallable check) {
    SendenseException[] caught = new SendenseException[1];
    assertThatThrownBy(check).isInstanceOfSatisfying(SendenseException.class, e -> caught[0] = e);
    return caught[0];
  }
}
