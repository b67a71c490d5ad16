package io.sendense.recovery.apps;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.work.WorkPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * PostgreSQL: a data directory is recognised by PG_VERSION, base and global, and opened by the
 * server of the same major version. The guest's configuration, its recovery settings and its lock
 * file are not copied.
 */
public final class PostgresItems implements ApplicationItems {
  private static final String SUPERUSER = "postgres";
  private static final List<String> LEFT_OUT =
      List.of(
          "postgresql.conf",
          "postgresql.auto.conf",
          "pg_hba.conf",
          "pg_ident.conf",
          "postmaster.pid",
          "postmaster.opts",
          "standby.signal",
          "recovery.signal",
          "recovery.conf",
          "current_logfiles");

  @Override
  public String name() {
    return "postgresql";
  }

  @Override
  public Optional<FoundData> recognise(Directory directory) {
    if (!directory.names().containsAll(Set.of("PG_VERSION", "base", "global"))) {
      return Optional.empty();
    }
    String version = directory.text("PG_VERSION");
    return version.matches("[0-9]{1,2}(\\.[0-9]{1,2})?")
        ? Optional.of(new FoundData(name(), directory.volume(), directory.path(), version))
        : Optional.empty();
  }

  @Override
  public OpenData open(FoundData found, GuestFileSystem system, WorkPlace place) {
    List<Path> folders =
        List.of(
            Path.of("/usr/lib/postgresql", found.version(), "bin"),
            Path.of("/usr/pgsql-" + found.version(), "bin"));
    String postgres =
        Programs.find(folders, "postgres")
            .orElseThrow(
                () ->
                    Programs.missing(
                        "the server of PostgreSQL " + found.version(),
                        "Install it: apt-get install postgresql-"
                            + found.version()
                            + " (from apt.postgresql.org where the distribution has another)."));
    Path data = DataCopy.make(system, found.path(), place, "data", LEFT_OUT);
    refuseTablespaces(data);
    Path sockets = place.inside().resolve("s");
    Path configuration = place.folder().resolve("postgresql.conf");
    Path access = place.folder().resolve("pg_hba.conf");
    Path names = place.folder().resolve("pg_ident.conf");
    try {
      Files.createDirectory(sockets);
      place.give(sockets);
      Files.writeString(access, "local all all trust\n");
      Files.writeString(names, "");
      Files.writeString(
          configuration,
          String.join(
              "\n",
              "listen_addresses = ''",
              "unix_socket_directories = '" + sockets + "'",
              "unix_socket_permissions = 0700",
              "hba_file = '" + access + "'",
              "ident_file = '" + names + "'",
              "shared_preload_libraries = ''",
              "archive_mode = off",
              "autovacuum = off",
              "fsync = off",
              "full_page_writes = off",
              "max_connections = 1000",
              "max_prepared_transactions = 1000",
              "max_worker_processes = 64",
              "max_locks_per_transaction = 256",
              "shared_buffers = 64MB",
              "jit = off",
              ""));
      for (Path file : List.of(configuration, access, names)) {
        place.give(file);
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NO_SPACE, "the server cannot be set up: " + e.getMessage(), "", e);
    }
    Server server =
        new Server(
            place,
            "PostgreSQL " + found.version(),
            List.of(postgres, "-D", data.toString(), "-c", "config_file=" + configuration));
    PostgresData open = new PostgresData(server, Path.of(postgres), sockets.toString(), SUPERUSER);
    try {
      open.awaitReady();
      return open;
    } catch (RuntimeException e) {
      open.close();
      throw e;
    }
  }

  /** Their links lead to places of the guest, which would be places of this host. */
  private static void refuseTablespaces(Path data) {
    try (Stream<Path> links = Files.list(data.resolve("pg_tblspc"))) {
      if (links.findAny().isPresent()) {
        throw new SendenseException(
            ErrorCode.GUEST_UNSUPPORTED,
            "the instance has tablespaces outside its data directory, which are not followed yet",
            "Recover the machine with: instant start, and dump it there.");
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.GUEST_DAMAGED, "the data directory is not whole: " + e.getMessage(), "", e);
    }
  }
}
