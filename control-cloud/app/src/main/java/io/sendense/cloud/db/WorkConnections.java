package io.sendense.cloud.db;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;

/**
 * Connections of the app role that never have a scope, so that no tenant's row is seen by them:
 * only for the claiming of background work, whose table belongs to no tenant.
 */
public final class WorkConnections implements AutoCloseable {
  private final HikariDataSource source;

  WorkConnections(HikariDataSource source) {
    this.source = source;
  }

  public DataSource source() {
    return source;
  }

  @Override
  public void close() {
    source.close();
  }
}
