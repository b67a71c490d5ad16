package io.sendense.cloud.db;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The database and the two roles on it.
 *
 * @param url JDBC URL without credentials
 * @param user the app role: owns nothing, is no superuser, obeys row-level security
 * @param ownerUser owner of the schemas, used for migrations at start and for nothing else
 * @param poolSize connections per replica
 */
@ConfigurationProperties("sendense.db")
public record DatabaseSettings(
    String url,
    String user,
    String password,
    String ownerUser,
    String ownerPassword,
    @DefaultValue("16") int poolSize) {
  @Override
  public String toString() {
    return "DatabaseSettings[" + url + ", " + user + ", owner " + ownerUser + "]";
  }
}
