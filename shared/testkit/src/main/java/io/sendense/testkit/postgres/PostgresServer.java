package io.sendense.testkit.postgres;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Folders;
import io.sendense.testkit.Ports;
import io.sendense.testkit.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * One PostgreSQL server over a folder that is kept: durable settings, passwords (SCRAM) for every
 * connection, loopback only. Closing stops it in order; after a kill the next start recovers, and
 * first ends a server that still runs over the same folder. Thread-safe.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String DATABASE = "sendense";
  private static final String OWNER = "sendense_owner";
  private static final String APP = "sendense_app";
  private static final String SUPERUSER = "postgres";

  private final ChildProcess process;
  private final DatabaseAccess access;
  private final Duration deadline;

  private PostgresServer(ChildProcess process, DatabaseAccess access, Duration deadline) {
    this.process = process;
    this.access = access;
    this.deadline = deadline;
  }

  /**
   * Where and how to run.
   *
   * @param cache folder for the unpacked programs, shared by all servers
   * @param home folder of this server, made private to its owner; holds data and passwords
   * @param port on the loopback address; 0 takes a free one
   * @param deadline for each of: making the data folder, starting, stopping
   */
  public record Settings(Path cache, Path home, int port, Duration deadline) {
    public Settings(Path cache, Path home) {
      this(cache, home, 0, Duration.ofSeconds(60));
    }
  }

  /**
   * Starts a server and returns when it takes connections and its database and roles are there.
   *
   * @throws SendenseException PORT_TAKEN when the port is in use, MISSING_TOOL when this machine
   *     lets no unprivileged process be started, DEADLINE_EXCEEDED with the server's last words
   */
  public static PostgresServer start(Settings settings) {
    Path binaries = PostgresBinaries.unpack(settings.cache().toAbsolutePath());
    Path home = Folders.createPrivate(settings.home().toAbsolutePath());
    Path data = home.resolve("data");
    Properties secrets = Secrets.of(home, SUPERUSER, OWNER, APP);
    Unprivileged user = Unprivileged.here(binaries, home);
    if (!Files.exists(data.resolve("PG_VERSION"))) {
      initialise(binaries, data, secrets, user, settings.deadline());
    }
    endLeftOver(binaries, data, user, settings.deadline());
    int port = Ports.claim(settings.port(), "PostgreSQL");
    ChildProcess process = ChildProcess.start(user.command(command(binaries, data, port)));
    try {
      String server = "jdbc:postgresql://127.0.0.1:" + port + "/";
      Bootstrap bootstrap = new Bootstrap(server, SUPERUSER, secrets.getProperty(SUPERUSER));
      bootstrap.awaitReady(process, settings.deadline());
      bootstrap.createRole(OWNER, secrets.getProperty(OWNER));
      bootstrap.createRole(APP, secrets.getProperty(APP));
      bootstrap.createDatabase(DATABASE, OWNER, APP);
      DatabaseAccess access =
          new DatabaseAccess(
              server + DATABASE, OWNER, secrets.getProperty(OWNER), APP, secrets.getProperty(APP));
      return new PostgresServer(process, access, settings.deadline());
    } catch (RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }

  public DatabaseAccess access() {
    return access;
  }

  public long pid() {
    return process.pid();
  }

  /** Kills the server as a crash would. */
  public void kill() {
    process.kill();
  }

  /** Ends open connections and stops the server in order. May be called twice. */
  @Override
  public void close() {
    if (process.isAlive()) {
      // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
      ChildProcess.run(Duration.ofSeconds(5), "kill", "-INT", Long.toString(process.pid()));
      process.awaitExit(deadline);
    }
    process.close();
  }

  private static List<String> command(Path binaries, Path data, int port) {
    List<String> command = new ArrayList<>();
    command.add(binaries.resolve("bin/postgres").toString());
    command.addAll(List.of("-D", data.toString()));
    Stream.of(
            "port=" + port,
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "password_encryption=scram-sha-256",
            "shared_buffers=64MB",
            "max_connections=60",
            "log_min_messages=warning")
        .forEach(setting -> command.addAll(List.of("-c", setting)));
    return command;
  }

  private static void initialise(
      Path binaries, Path data, Properties secrets, Unprivileged user, Duration deadline) {
    Path fresh = data.resolveSibling("data.new");
    Path passwordFile = data.resolveSibling("initdb.password");
    try {
      Folders.delete(fresh);
      Folders.writePrivate(passwordFile, secrets.getProperty(SUPERUSER) + "\n");
      user.own(passwordFile);
      ChildProcess.run(
              deadline,
              user.command(
                  List.of(
                      binaries.resolve("bin/initdb").toString(),
                      "--pgdata=" + fresh,
                      "--username=" + SUPERUSER,
                      "--pwfile=" + passwordFile,
                      "--auth=scram-sha-256",
                      "--encoding=UTF8",
                      "--locale-provider=builtin",
                      "--builtin-locale=C.UTF-8",
                      "--locale=C",
                      "--no-instructions")))
          .orFail();
      Files.move(fresh, data);
    } catch (IOException e) {
      throw new UncheckedIOException("could not make the data folder " + data, e);
    } catch (AssertionError e) {
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "initdb could not make the data folder " + data + ": " + e.getMessage(),
          "Mend what initdb names, or give the address of a PostgreSQL of your own.",
          e);
    } finally {
      Folders.delete(passwordFile);
    }
  }

  /** A server of ours that outlived its parent would hold the data folder. */
  private static void endLeftOver(Path binaries, Path data, Unprivileged user, Duration deadline) {
    if (Files.exists(data.resolve("postmaster.pid"))) {
      // Its exit code says only whether there was one.
      ChildProcess.run(
          deadline.plusSeconds(5),
          user.command(
              List.of(
                  binaries.resolve("bin/pg_ctl").toString(),
                  "stop",
                  "--pgdata=" + data,
                  "--mode=fast",
                  "--timeout=" + deadline.toSeconds())));
    }
  }
}
