package io.sendense.recovery.apps;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.work.Run;
import io.sendense.recovery.work.WorkPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * MariaDB and MySQL: a data directory is recognised by ibdata1 and the schema mysql, and opened by
 * the server of the same release series. The guest's configuration lies elsewhere and is not looked
 * at.
 */
public final class MariaItems implements ApplicationItems {
  private static final Duration ASK = Duration.ofSeconds(30);
  private static final Pattern SERIES = Pattern.compile("([0-9]{1,2}\\.[0-9]{1,2})\\.[0-9]+");
  private static final List<String> LEFT_OUT =
      List.of("mysqld.pid", "mariadbd.pid", "auto.cnf", "mysqld-auto.cnf", "multi-master.info");

  @Override
  public String name() {
    return "mysql";
  }

  @Override
  public Optional<FoundData> recognise(Directory directory) {
    if (!directory.names().containsAll(Set.of("ibdata1", "mysql"))) {
      return Optional.empty();
    }
    String told = directory.text("mariadb_upgrade_info");
    String version = told.isEmpty() ? directory.text("mysql_upgrade_info") : told;
    Matcher series = SERIES.matcher(version);
    String kind = directory.names().contains("mysql.ibd") ? "MySQL" : "MariaDB";
    return Optional.of(
        new FoundData(
            name(),
            directory.volume(),
            directory.path(),
            series.lookingAt() ? kind + " " + series.group(1) : kind));
  }

  @Override
  public OpenData open(FoundData found, GuestFileSystem system, WorkPlace place) {
    boolean mysql = found.version().startsWith("MySQL");
    String program =
        Programs.find(mysql ? "mysqld" : "mariadbd")
            .orElseThrow(() -> missing(found.version(), mysql));
    String here =
        Run.of(place, WorkPlace.Bounds.files(1 << 20), ASK, List.of(program, "--version")).output();
    String wanted = found.version().replaceFirst("^\\D*", "");
    boolean right = wanted.isEmpty() || here.contains(" " + wanted + ".");
    if (!right || mysql == here.contains("MariaDB")) {
      throw missing(found.version(), mysql);
    }
    Path data = DataCopy.make(system, found.path(), place, "data", LEFT_OUT);
    Path sockets = place.inside().resolve("s");
    try {
      Files.createDirectory(sockets);
      place.give(sockets);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NO_SPACE, "the server cannot be set up: " + e.getMessage(), "", e);
    }
    String socket = sockets.resolve("sql").toString();
    Server server =
        new Server(
            place,
            found.version(),
            List.of(
                program,
                "--no-defaults",
                "--datadir=" + data,
                "--socket=" + socket,
                "--pid-file=" + sockets.resolve("pid"),
                "--tmpdir=" + place.inside(),
                "--skip-networking",
                "--skip-grant-tables",
                "--skip-log-bin",
                "--skip-slave-start",
                "--event-scheduler=DISABLED",
                "--local-infile=0",
                "--secure-file-priv=" + sockets,
                "--innodb-buffer-pool-size=128M"));
    MariaData open = new MariaData(server, socket, mysql);
    try {
      open.awaitReady();
      return open;
    } catch (RuntimeException e) {
      open.close();
      throw e;
    }
  }

  private static SendenseException missing(String version, boolean mysql) {
    return Programs.missing(
        "the server of " + version,
        mysql
            ? "Install mysql-server of that series from repo.mysql.com."
            : "Install mariadb-server of that series (from mariadb.org where the distribution has"
                + " another).");
  }
}
