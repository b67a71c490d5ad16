package io.sendense.recovery.apps;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** A running throw-away MariaDB or MySQL, asked by its own programs over its socket. */
final class MariaData implements OpenData {
  private static final int MOST = 50_000;
  private static final String ITEMS =
      "select table_schema, table_name, coalesce(data_length + index_length, 0) from"
          + " information_schema.tables where table_type = 'BASE TABLE' and table_schema not in"
          + " ('mysql', 'information_schema', 'performance_schema', 'sys') order by 1, 2 limit "
          + MOST;

  private final Server server;
  private final String socket;
  private final boolean mysql;

  MariaData(Server server, String socket, boolean mysql) {
    this.server = server;
    this.socket = socket;
    this.mysql = mysql;
  }

  void awaitReady() {
    server.awaitReady(client("mysqladmin", "mariadb-admin", "ping"));
  }

  @Override
  public List<Item> items() {
    List<Item> tables = new ArrayList<>();
    List<Item> all = new ArrayList<>();
    for (String line : server.ask(client("mysql", "mariadb", "-N", "-B", "-e", ITEMS))) {
      String[] parts = line.split("\t", -1);
      if (parts.length == 3 && parts[2].matches("[0-9]{1,18}")) {
        tables.add(new Item(List.of(parts[0], parts[1]), "table", Long.parseLong(parts[2])));
      }
    }
    for (String database :
        tables.stream().map(item -> item.path().getFirst()).distinct().toList()) {
      List<Item> inside =
          tables.stream().filter(item -> item.path().getFirst().equals(database)).toList();
      all.add(
          new Item(
              List.of(database), "database", inside.stream().mapToLong(Item::sizeBytes).sum()));
      all.addAll(inside);
    }
    return all;
  }

  @Override
  public void export(List<String> path, OutputStream to) {
    if (path.isEmpty() || path.size() > 2 || path.stream().anyMatch(name -> name.startsWith("-"))) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "a database, or a database and a table, can be taken out of MariaDB",
          "Name them with --database and --table.");
    }
    List<String> command =
        new ArrayList<>(
            client(
                "mysqldump",
                "mariadb-dump",
                "--single-transaction",
                "--routines",
                "--triggers",
                "--hex-blob",
                "--default-character-set=utf8mb4"));
    command.addAll(path);
    server.export(command, "-- Dump completed", to);
  }

  @Override
  public void close() {
    server.close();
  }

  private List<String> client(String ofMysql, String ofMariaDb, String... more) {
    String name = mysql ? ofMysql : ofMariaDb;
    String program =
        Programs.find(name)
            .orElseThrow(
                () -> Programs.missing("the program " + name, "Install the server's client."));
    List<String> all =
        new ArrayList<>(List.of(program, "--no-defaults", "--socket=" + socket, "--user=root"));
    all.addAll(List.of(more));
    return all;
  }
}
