package io.sendense.testkit.ceph;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * A Ceph of one monitor and one OSD that keeps its objects in memory, on the loopback device, with
 * keys of its own. It is up in some ten seconds and takes some 100 MiB. Its pool is {@code rbd}.
 */
public final class CephCluster implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(90);

  private final Path folder;
  private final List<ChildProcess> daemons = new ArrayList<>();

  private CephCluster(Path folder) {
    this.folder = folder;
  }

  /**
   * Starts it; a missing program skips the test, or fails it where CI=true.
   *
   * @param folder for its files; whoever may read it may use the cluster
   */
  public static CephCluster start(Path folder) {
    for (String tool :
        List.of("ceph", "ceph-mon", "ceph-osd", "ceph-authtool", "monmaptool", "rbd")) {
      Peers.require(tool);
    }
    CephCluster made = new CephCluster(folder);
    try {
      made.launch();
      return made;
    } catch (IOException e) {
      made.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      made.close();
      throw e;
    }
  }

  private void launch() throws IOException {
    String id = UUID.randomUUID().toString();
    String monitor = "[v2:127.0.0.1:" + Ports.claim(0, "ceph") + "]";
    for (String part : List.of("mon", "osd")) {
      Files.createDirectories(folder.resolve(part));
    }
    Files.writeString(
        configuration(),
        """
        [global]
        fsid = %2$s
        mon host = %3$s
        keyring = %1$s/keyring
        run dir = %1$s
        admin socket =
        log file =
        mon cluster log file =
        log to stderr = false
        err to stderr = true
        public addr = 127.0.0.1
        cluster addr = 127.0.0.1
        ms bind ipv6 = false
        mon allow pool size one = true
        osd pool default size = 1
        osd pool default min size = 1
        osd crush chooseleaf type = 0
        mon data = %1$s/mon
        mon data avail crit = 1
        osd data = %1$s/osd
        osd objectstore = memstore
        memstore device bytes = 536870912
        """
            .formatted(folder, id, monitor));
    String keys = folder.resolve("keyring").toString();
    run(
        "ceph-authtool",
        "--create-keyring",
        keys,
        "--gen-key",
        "-n",
        "mon.",
        "--cap",
        "mon",
        "allow *");
    run(
        "ceph-authtool",
        keys,
        "--gen-key",
        "-n",
        "client.admin",
        "--cap",
        "mon",
        "allow *",
        "--cap",
        "osd",
        "allow *");
    run(
        "ceph-authtool",
        keys,
        "--gen-key",
        "-n",
        "osd.0",
        "--cap",
        "mon",
        "allow profile osd",
        "--cap",
        "osd",
        "allow *");
    String map = folder.resolve("monmap").toString();
    run("monmaptool", "--create", "--fsid", id, "--addv", "a", monitor, map);
    run(
        "ceph-mon",
        "-c",
        configuration().toString(),
        "-i",
        "a",
        "--mkfs",
        "--monmap",
        map,
        "--keyring",
        keys);
    Files.setPosixFilePermissions(
        Path.of(keys), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    daemon("ceph-mon", "-i", "a");
    String osd = UUID.randomUUID().toString();
    ceph("osd", "new", osd, "0");
    run("ceph-osd", "-c", configuration().toString(), "-i", "0", "--mkfs", "--osd-uuid", osd);
    daemon("ceph-osd", "-i", "0");
    ceph("osd", "pool", "create", "rbd", "8", "8");
  }

  private void daemon(String... words) {
    List<String> command = new ArrayList<>(List.of(words));
    command.set(0, Peers.require(words[0]).toString());
    command.addAll(List.of("-c", configuration().toString(), "-f"));
    daemons.add(ChildProcess.start(command));
  }

  private void ceph(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of("ceph", "-c", configuration().toString(), "--connect-timeout", "60"));
    command.addAll(Arrays.asList(words));
    ChildProcess.run(DEADLINE, command).orFail();
  }

  private static void run(String... words) {
    ChildProcess.run(DEADLINE, words).orFail();
  }

  public Path configuration() {
    return folder.resolve("ceph.conf");
  }

  /** What {@code rbd} prints; an error of it is one of the test. */
  public String rbd(String... words) {
    List<String> command = new ArrayList<>(List.of("rbd", "-c", configuration().toString()));
    command.addAll(Arrays.asList(words));
    return ChildProcess.run(DEADLINE, command).orFail().stdout();
  }

  @Override
  public void close() {
    daemons.reversed().forEach(ChildProcess::kill);
    daemons.forEach(ChildProcess::close);
  }
}
