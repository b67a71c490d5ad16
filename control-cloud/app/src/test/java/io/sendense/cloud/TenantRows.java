package io.sendense.cloud;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Everything that the database holds of one MSP, as a digest for each table. */
final class TenantRows {
  private static final String TABLES =
      "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
          + " where c.relkind in ('r', 'p') and c.relrowsecurity and n.nspname not in ('public')"
          + " and n.nspname not like 'pg_%' order by 1";

  private final CloudUnderTest cloud;
  private final UUID msp;

  TenantRows(CloudUnderTest cloud, UUID msp) {
    this.cloud = cloud;
    this.msp = msp;
  }

  Map<String, String> digests() {
    try (Connection connection = cloud.owner()) {
      connection.setAutoCommit(false);
      List<String> tables = texts(connection, TABLES);
      texts(
          connection,
          "select set_config('sendense.msp', '"
              + msp
              + "', true) || set_config('sendense.customers', '*', true)");
      String all =
          tables.stream()
              .map(
                  table ->
                      "select '"
                          + table
                          + "=' || count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by"
                          + " t::text)), '') from "
                          + table
                          + " t")
              .collect(Collectors.joining(" union all "));
      Map<String, String> digests = new TreeMap<>();
      for (String line : texts(connection, all)) {
        int split = line.indexOf('=');
        digests.put(line.substring(0, split), line.substring(split + 1));
      }
      return digests;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> texts(Connection connection, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }
}
