package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables out of a point whose data was made by the real servers, which were killed while they ran.
 */
@Tag("server")
class AppCliTest {
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  @TempDir(factory = ShortTempDir.class)
  private Path folder;

  @Test
  void aTableOfPostgresqlIsTakenOutAndTheGuestsConfigurationIsNotObeyed() throws IOException {
    String version = newestPostgres();
    Path programs = Path.of("/usr/lib/postgresql", version, "bin");
    Path data = place("guest/var/lib/postgresql/main");
    Path obeyed = folder.resolve("obeyed");
    run(programs.resolve("initdb"), "-D", data, "-U", "postgres", "--locale=C.UTF-8", "-N");
    try (ChildProcess server =
        start(programs.resolve("postgres"), "-D", data, "-k", folder, "-c", "listen_addresses=")) {
      server.awaitFile(folder.resolve(".s.PGSQL.5432"), DEADLINE);
      server.awaitOutput("ready to accept", DEADLINE);
      run(
          programs.resolve("psql"),
          "-h",
          folder,
          "-U",
          "postgres",
          "-c",
          "create table orders as select i, 'order ' || i as what from generate_series(1, 500) i");
      server.kill();
    }
    Files.writeString(
        data.resolve("postgresql.auto.conf"),
        "shared_preload_libraries = 'no_such_library'\nlisten_addresses = '*'\n"
            + "archive_mode = on\narchive_command = 'touch "
            + obeyed
            + "'\n");
    InProcess cli = backUp("guest");
    assertThat(app(cli, "ls", "--items").succeeded().out())
        .contains("postgresql  " + version + "  /var/lib/postgresql/main", "public.orders");
    Path to = folder.resolve("orders.sql");
    app(cli, "restore", "--database", "postgres", "--table", "orders", "--to", to).succeeded();
    assertThat(to).content().contains("CREATE TABLE public.orders", "500\torder 500\n");
    assertThat(app(cli, "restore", "--database", "postgres", "--to", to).err())
        .contains("is there already");
    InProcess.Result none =
        app(cli, "restore", "--database", "none", "--to", folder.resolve("none.sql"));
    assertThat(none.err()).contains("none").contains("app ls --items");
    assertThat(folder.resolve("none.sql")).doesNotExist();
    assertThat(folder.resolve("none.sql.partial")).doesNotExist();
    assertThat(obeyed).doesNotExist();
    assertThat(folder.resolve("work/0")).doesNotExist();

    Files.writeString(data.resolve("PG_VERSION"), "9.1\n");
    InProcess old = backUp("guest");
    assertThat(app(old, "restore", "--database", "postgres", "--to", folder.resolve("9.sql")).err())
        .contains("PostgreSQL 9.1 is needed and not here", "apt-get install postgresql-9.1");
  }

  @Test
  void aDatabaseOfMariaDbIsTakenOut() throws IOException {
    Path data = place("maria/var/lib/mysql");
    String mariadbd = Peers.require("mariadbd").toString();
    Path socket = folder.resolve("sql");
    run(
        Peers.require("mariadb-install-db"),
        "--no-defaults",
        "--datadir=" + data,
        "--auth-root-authentication-method=normal",
        "--skip-test-db");
    try (ChildProcess server =
        start(
            mariadbd,
            "--no-defaults",
            "--datadir=" + data,
            "--socket=" + socket,
            "--innodb-log-file-size=8M",
            "--skip-networking")) {
      server.awaitOutput("ready for connections", DEADLINE);
      run(
          Peers.require("mariadb"),
          "--no-defaults",
          "-uroot",
          "--socket=" + socket,
          "-e",
          "create database wiki; create table wiki.page (id int primary key, title text);"
              + " insert into wiki.page values (1, 'Home'), (2, 'About')");
      server.kill();
    }
    InProcess cli = backUp("maria");
    assertThat(app(cli, "ls").succeeded().out()).contains("mysql  MariaDB", "/var/lib/mysql");
    Path to = folder.resolve("wiki.sql");
    app(cli, "restore", "--app", "mariadb", "--database", "wiki", "--to", to).succeeded();
    assertThat(to).content().contains("CREATE TABLE `page`", "'Home'", "-- Dump completed");
    assertThat(folder.resolve("work/0")).doesNotExist();
  }

  private static String newestPostgres() throws IOException {
    Path all = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(all)) {
      Peers.require("a server of PostgreSQL");
    }
    try (Stream<Path> versions = Files.list(all)) {
      return versions
          .filter(folder -> Files.isExecutable(folder.resolve("bin/initdb")))
          .map(folder -> String.valueOf(folder.getFileName()))
          .max(Comparator.comparingInt(Integer::parseInt))
          .orElseThrow();
    }
  }

  private InProcess backUp(String guest) {
    Path disk = folder.resolve("disk");
    run(
        Peers.require("mke2fs"),
        "-q",
        "-F",
        "-t",
        "ext4",
        "-d",
        folder.resolve(guest),
        disk,
        "256M");
    InProcess cli = new InProcess(folder);
    if (!Files.exists(cli.repository())) {
      cli.run("repository", "init", cli.repository()).succeeded();
    }
    cli.on("backup", "--vm", "db-1", "--disk", disk).succeeded();
    return cli;
  }

  private InProcess.Result app(InProcess cli, String command, Object... more) {
    List<Object> all = new ArrayList<>(List.of("app", command, "--repository", cli.repository()));
    all.addAll(List.of("--point", "latest", "--vm", "db-1", "--work", folder.resolve("work")));
    all.addAll(List.of(more));
    return cli.run(all.toArray());
  }

  /** A folder of the user that the servers run as, with parents that it may pass. */
  private Path place(String name) throws IOException {
    Path made = Files.createDirectories(folder.resolve(name));
    ChildProcess.run(DEADLINE, "chmod", "755", folder.toString()).orFail();
    if (root()) {
      ChildProcess.run(DEADLINE, "chown", "nobody", folder.toString(), made.toString()).orFail();
    }
    return made;
  }

  private static boolean root() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static ChildProcess start(Object... command) {
    return ChildProcess.start(unprivileged(command));
  }

  private static void run(Object... command) {
    ChildProcess.run(DEADLINE, unprivileged(command)).orFail();
  }

  private static List<String> unprivileged(Object... command) {
    List<String> all = new ArrayList<>();
    if (root() && !String.valueOf(command[0]).endsWith("mke2fs")) {
      all.addAll(
          List.of(
              Peers.require("setpriv").toString(),
              "--reuid=nobody",
              "--regid=nogroup",
              "--clear-groups",
              "--"));
    }
    for (Object part : command) {
      all.add(String.valueOf(part));
    }
    return all;
  }
}
