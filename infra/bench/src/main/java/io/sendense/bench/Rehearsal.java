package io.sendense.bench;

import io.sendense.repository.format.LargeRepository;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs the bench's own programs that stand for parts of the appliance once, small, so that they
 * start with the JVM's notes (JEP 514) as the appliance itself does. Measures nothing.
 */
final class Rehearsal {
  private static final String PASSPHRASE = "rehearsal-passphrase";
  private static final String MEMORY = "256M";
  private static final int POINTS_PER_DISK = 14;

  private Rehearsal() {}

  /**
   * @param arguments a folder that is there and empty; what is made in it is left there
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    list(folder.resolve("large"));
    if (Tools.missing("nbdkit", "openssl").isEmpty()) {
      read(folder);
    }
  }

  private static void list(Path repository) throws Exception {
    LargeRepository.make(repository, PASSPHRASE.toCharArray(), 1, POINTS_PER_DISK);
    for (String what : List.of("open", "points", "again", "backup")) {
      OpenLarge.main(new String[] {repository.toString(), PASSPHRASE, what});
    }
  }

  private static void read(Path folder) throws Exception {
    Processes processes = new Processes(folder);
    Certificates.make(processes, folder);
    Path certificates = Certificates.folder(folder);
    Path socket = folder.resolve("nbdkit.sock");
    String tls = "localhost/?socket=" + socket + "&tls-certificates=" + certificates;
    readAll(processes, socket, "nbd+unix:///?socket=" + socket);
    readAll(
        processes,
        socket,
        "nbds+unix://" + tls,
        "--tls=require",
        "--tls-certificates=" + certificates,
        "--tls-verify-peer");
  }

  private static void readAll(Processes processes, Path socket, String uri, String... options)
      throws Exception {
    List<String> serve =
        Tools.with(List.of("nbdkit", "-f", "-r", "-U", socket.toString()), options);
    try (Server _ = processes.serve(Tools.with(serve, "memory", MEMORY), socket)) {
      ReadNbd.main(new String[] {uri, "2", "4"});
    }
  }
}
