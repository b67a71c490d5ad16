package io.sendense.recovery.apps;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A running throw-away PostgreSQL, asked by its own programs over its socket. */
final class PostgresData implements OpenData {
  private static final int MOST = 50_000;
  private static final String DATABASES =
      "select quote_ident(datname) || E'\\t' || pg_database_size(oid) || E'\\t' || datname"
          + " from pg_database where datallowconn and not datistemplate order by datname";
  private static final String TABLES =
      "select quote_ident(schemaname) || '.' || quote_ident(relname) || E'\\t'"
          + " || pg_total_relation_size(relid) from pg_stat_user_tables order by 1 limit "
          + MOST;

  private final Server server;
  private final Path postgres;
  private final String sockets;
  private final String user;

  PostgresData(Server server, Path postgres, String sockets, String user) {
    this.server = server;
    this.postgres = postgres;
    this.sockets = sockets;
    this.user = user;
  }

  /** The user is named everywhere: libpq would ask for the name of this one, who has none. */
  void awaitReady() {
    server.awaitReady(List.of(program("pg_isready"), "-q", "-h", sockets, "-U", user));
  }

  @Override
  public List<Item> items() {
    List<Item> all = new ArrayList<>();
    for (String line : query("postgres", DATABASES)) {
      String[] parts = line.split("\t", -1);
      String database = parts.length == 3 ? parts[2] : "";
      if (database.isEmpty() || !plain(database)) {
        continue;
      }
      all.add(new Item(List.of(database), "database", number(parts[1])));
      for (String table : query(database, TABLES)) {
        String[] columns = table.split("\t", -1);
        if (columns.length == 2 && all.size() < MOST) {
          all.add(new Item(List.of(database, columns[0]), "table", number(columns[1])));
        }
      }
    }
    return all;
  }

  @Override
  public void export(List<String> path, OutputStream to) {
    if (path.isEmpty() || path.size() > 2 || !plain(path.getFirst())) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "a database, or a database and a table, can be taken out of PostgreSQL",
          "Name them with --database and --table; a database's name has no = and no slashes here.");
    }
    List<String> command =
        new ArrayList<>(List.of(program("pg_dump"), "-h", sockets, "-U", user, "-w", "--no-sync"));
    if (path.size() == 2) {
      command.add("--table=" + path.get(1));
    }
    command.add("--dbname=" + path.getFirst());
    server.export(command, "PostgreSQL database dump complete", to);
  }

  @Override
  public void close() {
    server.close();
  }

  private List<String> query(String database, String sql) {
    return server.ask(
        List.of(
            program("psql"),
            "-h",
            sockets,
            "-U",
            user,
            "-w",
            "-X",
            "-A",
            "-t",
            "-q",
            "-d",
            database,
            "-c",
            sql));
  }

  private String program(String name) {
    return postgres.resolveSibling(name).toString();
  }

  /** The programs would read anything else as a whole connection's parameters. */
  private static boolean plain(String database) {
    return !database.contains("=") && !database.contains("/") && !database.startsWith("-");
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }
}
