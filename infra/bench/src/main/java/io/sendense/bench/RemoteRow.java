package io.sendense.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A copy of a point from a repository here to one at another appliance, over mTLS on loopback. The
 * data is random, so that bytes of the disk, bytes sealed and bytes on the wire are one number.
 */
final class RemoteRow {
  private static final int GIB = 2;

  private final Processes processes;
  private final Tools tools;
  private final Path folder;

  RemoteRow(Processes processes, Tools tools, Path folder) {
    this.processes = processes;
    this.tools = tools;
    this.folder = folder;
  }

  Row row() {
    return new Row(
        "remote-copy",
        "copy from appliance to appliance over mTLS, verified at the far end",
        (long) GIB << 30,
        List.of(new Bar.Rate(5e8, "0.5 GB/s")),
        List.of(
            Contender.of(
                "sendense", copy("sendense://localhost:PORT/far"), Optional.empty(), this::once)));
  }

  private Sample once() throws Exception {
    Path source = Path.of(source());
    if (!Files.exists(source)) {
      Path disk = Image.random(processes, folder, GIB);
      processes.run(tools.appliance("repository", "init", source()));
      processes.run(
          tools.appliance(
              "backup",
              "--repository",
              source(),
              "--vm",
              "bench",
              "--disk",
              disk.toString(),
              "--state",
              state()));
    }
    Certificates.make(processes, folder);
    Path far = folder.resolve("repo-far");
    processes.run(List.of("rm", "-rf", far.toString()));
    processes.run(
        List.of(
            "bash", "-c", "find \"$1\" -type f -exec cat {} + >/dev/null", "w", source.toString()));
    int port = freePort();
    String url = "sendense://localhost:" + port + "/far";
    Path certificates = Certificates.folder(folder);
    List<String> serve =
        tools.appliance(
            "serve-repository",
            "--listen",
            "localhost:" + port,
            "--repository",
            far.toString(),
            "--name",
            "far",
            "--create",
            "--allow",
            "dns:localhost=read,add,delete:intents",
            "--cert",
            certificates + "/server-cert.pem",
            "--key",
            certificates + "/server-key.pem",
            "--trust",
            certificates + "/ca-cert.pem");
    try (Server server = processes.serve(serve, port)) {
      processes.run(tools.appliance("repository", "init", url, "--tenant-of", source()));
      double before = server.cpuSeconds();
      Sample sample = processes.time(copy(url));
      return sample.plusCpu(server.cpuSeconds() - before);
    }
  }

  private List<String> copy(String url) {
    return tools.appliance(
        "copy", "--from", source(), "--to", url, "--vm", "bench", "--all", "--state", state());
  }

  private String source() {
    return folder + "/repo-near";
  }

  private String state() {
    return folder + "/state-copy";
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
