package io.sendense.cloud.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/**
 * Migrates as the owner, then opens the pool as the app role. The pool is no bean: nothing but
 * {@link ScopedTx} can take a connection from it. {@link WorkConnections} never have a scope.
 */
@Configuration(proxyBeanMethods = false)
class DatabaseConfig {
  @Bean
  Pool pool(DatabaseSettings settings, MeterRegistry meters) {
    refuseAnAllPowerfulRole(settings);
    migrate(settings);
    HikariConfig config = new HikariConfig();
    config.setPoolName("control-plane");
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.poolSize());
    config.setConnectionTimeout(5_000);
    config.setMetricRegistry(meters);
    return new Pool(new HikariDataSource(config));
  }

  @Bean
  ScopedTx scopedTx(Pool pool) {
    return new ScopedTx(pool.source());
  }

  /** Few, because they only claim work; the work itself takes its connections from the pool. */
  @Bean
  WorkConnections workConnections(DatabaseSettings settings, MeterRegistry meters, Pool migrated) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("background-work");
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(3);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(5_000);
    config.setMetricRegistry(meters);
    return new WorkConnections(new HikariDataSource(config));
  }

  @Bean
  ChangeFeed changeFeed(DatabaseSettings settings, JsonMapper json, Pool migrated) {
    return new ChangeFeed(settings.url(), settings.user(), settings.password(), json);
  }

  /** Holds the pool and closes it with the application. */
  record Pool(HikariDataSource source) implements AutoCloseable {
    @Override
    public void close() {
      source.close();
    }
  }

  private static void migrate(DatabaseSettings settings) {
    try {
      var unused =
          Flyway.configure(DatabaseConfig.class.getClassLoader())
              .dataSource(settings.url(), settings.ownerUser(), settings.ownerPassword())
              .locations("classpath:db/migration")
              .placeholders(Map.of("appRole", settings.user()))
              // Every package numbers its own block, so a lower number can be the newer one.
              .outOfOrder(true)
              .load()
              .migrate();
    } catch (FlywayException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "the database " + settings.url() + " could not be migrated: " + e.getMessage(),
          "Mend what it names; nothing of a failed migration is kept. Never edit one that has run.",
          e);
    }
  }

  /** With such a role row-level security would silently not apply. */
  private static void refuseAnAllPowerfulRole(DatabaseSettings settings) {
    try (Connection connection =
            DriverManager.getConnection(settings.url(), settings.user(), settings.password());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select rolsuper or rolbypassrls from pg_roles where rolname = current_user")) {
      boolean exempt = rows.next() && rows.getBoolean(1);
      if (exempt || settings.user().equals(settings.ownerUser())) {
        throw new SendenseException(
            ErrorCode.BAD_ARGUMENT,
            "the database role " + settings.user() + " is not bound by row-level security",
            "Give sendense.db.user a role that is no superuser, has no BYPASSRLS and is not"
                + " sendense.db.owner-user.");
      }
    } catch (SQLException e) {
      throw new SendenseException(
          ErrorCode.DATABASE_UNAVAILABLE,
          "the database "
              + settings.url()
              + " let nobody in as "
              + settings.user()
              + ": "
              + e.getMessage(),
          "Check that PostgreSQL runs there, and sendense.db.url, user and password.",
          e);
    }
  }
}
