package io.sendense.engine.state;

import io.sendense.connectors.spi.OwnerRecords;
import java.util.List;

/** Owner records in the state database. */
final class SqliteOwnerRecords implements OwnerRecords {
  private final Database database;

  SqliteOwnerRecords(Database database) {
    this.database = database;
  }

  @Override
  public void add(Resource resource) {
    database.update(
        "INSERT INTO owner_record (source, kind, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        resource.source(),
        resource.kind(),
        resource.name());
  }

  @Override
  public void remove(Resource resource) {
    database.update(
        "DELETE FROM owner_record WHERE source = ? AND kind = ? AND name = ?",
        resource.source(),
        resource.kind(),
        resource.name());
  }

  @Override
  public List<Resource> list(String source) {
    return database.query(
        "SELECT source, kind, name FROM owner_record WHERE source = ? ORDER BY seq",
        row -> new Resource(row.getString(1), row.getString(2), row.getString(3)),
        source);
  }
}
