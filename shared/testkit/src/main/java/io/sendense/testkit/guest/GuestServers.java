package io.sendense.testkit.guest;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Puts real servers into what becomes a {@link ServingGuest}'s data: PostgreSQL and MariaDB as this
 * host has them installed, with new data, and Debian's nginx. They run in a root of their own and
 * listen on their usual ports.
 */
public final class GuestServers {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final Pattern LIBRARY = Pattern.compile("(?:=> |^\\s*)(/\\S+)", Pattern.MULTILINE);
  private static final Path POSTGRES = Path.of("/usr/lib/postgresql");
  private static final String NOBODY = "65534";

  private static final String START =
      """
      #!/bin/busybox sh
      cd /data/root && mkdir -p dev proc bin tmp var/log/nginx && chmod 1777 tmp
      cp /bin/busybox bin/ && mount --bind /dev dev && mount -t proc proc proc
      run() { chroot /data/root /bin/busybox start-stop-daemon -S -b -c 65534:65534 -x "$@"; }
      run POSTGRES -- -D /postgres
      run /usr/sbin/mariadbd -- --no-defaults --datadir=/mariadb --socket=/tmp/m.sock \
        --lc-messages-dir=/usr/share/mysql --innodb-use-native-aio=0 --skip-name-resolve
      chroot /data/root /usr/sbin/nginx -c /etc/nginx.conf
      """;
  private static final String NGINX =
      """
      user root;
      error_log /dev/null;
      pid /tmp/nginx.pid;
      events {}
      http {
        access_log off;
        client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c;
        uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e;
        server { listen 80; location / { return 200 "well"; } }
      }
      """;
  private static final String PASSWD = "root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n";

  private GuestServers() {}

  /**
   * Fills the folder. A missing program skips the test, or fails it where CI=true.
   *
   * @param cache folder where nginx is kept for later runs
   */
  public static void put(Path content, Path cache) {
    Path mariadb = Peers.require("mariadbd");
    Path install = Peers.require("mariadb-install-db");
    Peers.require("setpriv");
    try {
      Path postgres = postgres();
      Path root = Files.createDirectories(content.resolve("root"));
      Path nginx = GuestPackages.in(cache).program("nginx", "usr/sbin", "nginx");
      program(root, postgres, postgres);
      program(root, mariadb, Path.of("/usr/sbin/mariadbd"));
      program(root, nginx, Path.of("/usr/sbin/nginx"));
      String version = POSTGRES.relativize(postgres).getName(0).toString();
      copyTree(Path.of("/usr/share/postgresql", version, "timezonesets"), root);
      copyTree(Path.of("/usr/share/mysql/english"), root);
      // PostgreSQL wants to see where it was installed.
      Files.createDirectories(root.resolve("usr/lib/postgresql").resolve(version).resolve("lib"));
      Files.createDirectories(root.resolve("etc"));
      Files.writeString(root.resolve("etc/nginx.conf"), NGINX);
      Files.writeString(root.resolve("etc/passwd"), PASSWD);
      Files.writeString(root.resolve("etc/group"), "root:x:0:\nnogroup:x:65534:\n");
      postgresData(postgres, Files.createDirectory(root.resolve("postgres")));
      Path data = Files.createDirectory(root.resolve("mariadb"));
      own(data);
      unprivileged(
          install.toString(),
          "--no-defaults",
          "--datadir=" + data,
          "--innodb-log-file-size=4M",
          "--skip-test-db",
          "--auth-root-authentication-method=normal");
      Path start = content.resolve("start");
      Files.writeString(start, START.replace("POSTGRES", postgres.toString()));
      if (!start.toFile().setExecutable(true)) {
        throw new IOException(start + " cannot be made a program");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the guest's servers could not be put together", e);
    }
  }

  private static Path postgres() throws IOException {
    if (!Files.isDirectory(POSTGRES)) {
      Peers.require("postgresql (a Debian package)");
    }
    try (Stream<Path> versions = Files.list(POSTGRES)) {
      return versions
          .map(version -> version.resolve("bin/postgres"))
          .filter(Files::isExecutable)
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private static void postgresData(Path postgres, Path data) throws IOException {
    own(data);
    unprivileged(
        postgres.resolveSibling("initdb").toString(),
        "-D",
        data.toString(),
        "--locale=C",
        "--username=postgres",
        "--no-sync");
    Files.writeString(
        data.resolve("postgresql.conf"),
        """
        listen_addresses = '*'
        unix_socket_directories = '/tmp'
        dynamic_shared_memory_type = mmap
        timezone = GMT
        log_timezone = GMT
        """);
    Files.writeString(data.resolve("pg_hba.conf"), "host all all 0.0.0.0/0 reject\n");
  }

  private static void program(Path root, Path from, Path as) throws IOException {
    put(root, from, as);
    Matcher libraries =
        LIBRARY.matcher(ChildProcess.run(DEADLINE, "ldd", from.toString()).orFail().stdout());
    while (libraries.find()) {
      Path library = Path.of(libraries.group(1));
      put(root, library, library);
    }
  }

  private static void put(Path root, Path from, Path as) throws IOException {
    Path to = root.resolve(as.toString().substring(1));
    Files.createDirectories(to.getParent());
    Files.copy(
        from.toRealPath(),
        to,
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static void copyTree(Path tree, Path root) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        put(root, file, file);
      }
    }
  }

  private static void own(Path folder) {
    ChildProcess.run(DEADLINE, "chown", "-R", NOBODY + ":" + NOBODY, folder.toString()).orFail();
  }

  private static void unprivileged(String... command) {
    List<String> all =
        new java.util.ArrayList<>(
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    all.addAll(List.of(command));
    ChildProcess.run(DEADLINE, all).orFail();
  }
}
