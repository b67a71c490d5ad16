package io.sendense.testkit.postgres;

/**
 * How to reach a database and as whom. The owner owns the schemas and runs migrations; the app role
 * owns nothing and is neither superuser nor exempt from row-level security. An external database is
 * described by the same record.
 *
 * @param url JDBC URL, without user and password
 */
public record DatabaseAccess(
    String url, String ownerUser, String ownerPassword, String appUser, String appPassword) {
  @Override
  public String toString() {
    return "DatabaseAccess[" + url + ", owner " + ownerUser + ", app " + appUser + "]";
  }
}
