package io.sendense.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The NBD server over a point and the NBD client, plain and over TLS. */
final class NbdRows {
  private static final long GIB = 1L << 30;

  private final Processes processes;
  private final Tools tools;
  private final Path folder;
  private final Path image;
  private final long bytes;

  NbdRows(Processes processes, Tools tools, Path folder, Path image, long bytes) {
    this.processes = processes;
    this.tools = tools;
    this.folder = folder;
    this.image = image;
    this.bytes = bytes;
  }

  Row server() {
    Path socket = folder.resolve("point.sock");
    String repository = folder + "/repo-sendense";
    Path qcow2 = folder.resolve("disk.qcow2");
    List<String> ours =
        tools.appliance(
            "export-nbd",
            "--repository",
            repository,
            "--vm",
            "bench",
            "--point",
            "latest",
            "--disk",
            "0",
            "--socket",
            socket.toString());
    List<String> theirs =
        List.of("qemu-nbd", "-r", "-t", "-e", "16", "-f", "qcow2", "-k", socket + "", qcow2 + "");
    return new Row(
        "nbd-server",
        "NBD server over a point, read by nbdcopy",
        bytes,
        List.of(Bar.times("qemu-nbd", 1)),
        List.of(
            Contender.of(
                "sendense", ours, Tools.missing("nbdcopy"), () -> copied(ours, socket, repository)),
            Contender.of(
                "qemu-nbd",
                theirs,
                Tools.missing("nbdcopy", "qemu-nbd"),
                () -> {
                  if (!Files.exists(qcow2)) {
                    processes.run(
                        List.of("qemu-img", "convert", "-O", "qcow2", image + "", qcow2 + ""));
                  }
                  return copied(theirs, socket, qcow2.toString());
                })));
  }

  Row client() {
    Path socket = folder.resolve("nbdkit.sock");
    String uri = "nbd+unix:///?socket=" + socket;
    List<String> ours = tools.bench("ReadNbd", uri, "2", "4");
    List<String> theirs = List.of("nbdcopy", uri, "null:");
    return new Row(
        "nbd-client",
        "NBD client to null, plain, from nbdkit",
        4 * GIB,
        List.of(Bar.times("nbdcopy", 0.9), new Bar.Rate(3.2 * GIB, "3.2 GiB/s")),
        List.of(
            Contender.of(
                "sendense", ours, Tools.missing("nbdkit"), () -> fromNbdkit(socket, 4, ours)),
            Contender.of(
                "nbdcopy",
                theirs,
                Tools.missing("nbdkit", "nbdcopy"),
                () -> fromNbdkit(socket, 4, theirs))));
  }

  Row tlsClient() {
    Path socket = folder.resolve("tls.sock");
    String uri = "nbds+unix://localhost/?socket=" + socket + "&tls-certificates=" + certificates();
    List<String> ours = tools.bench("ReadNbd", uri, "2", "4");
    List<String> theirs = List.of("nbdcopy", uri, "null:");
    String[] tls = {"--tls=require", "--tls-certificates=" + certificates(), "--tls-verify-peer"};
    return new Row(
        "tls-client",
        "NBD client over TLS (X.509), from nbdkit",
        2 * GIB,
        List.of(Bar.times("nbdcopy", 1)),
        List.of(
            Contender.of(
                "sendense", ours, Tools.missing("nbdkit"), () -> fromNbdkit(socket, 2, ours, tls)),
            Contender.of(
                "nbdcopy",
                theirs,
                Tools.missing("nbdkit", "nbdcopy"),
                () -> fromNbdkit(socket, 2, theirs, tls))));
  }

  Row tlsBoth() {
    Path socket = folder.resolve("own-tls.sock");
    String uri = "nbds+unix://localhost/?socket=" + socket + "&tls-certificates=" + certificates();
    List<String> ours = tools.bench("ReadNbd", uri, "2", "4");
    return new Row(
        "tls-both",
        "our NBD client from our NBD server over TLS",
        4 * GIB,
        List.of(new Bar.Rate(1e9, "1 GB/s")),
        List.of(
            Contender.of(
                "sendense",
                ours,
                Optional.empty(),
                () -> {
                  Path file = prepared(4);
                  List<String> serve =
                      tools.bench("ServeFile", file + "", socket + "", certificates() + "");
                  try (Server server = processes.serve(serve, socket)) {
                    double before = server.cpuSeconds();
                    Sample sample = processes.time(ours);
                    return sample.plusCpu(server.cpuSeconds() - before);
                  }
                })));
  }

  private Sample copied(List<String> serve, Path socket, String served) {
    processes.run(
        List.of("bash", "-c", "find \"$1\" -type f -exec cat {} + >/dev/null", "w", served));
    try (Server server = processes.serve(serve, socket)) {
      double before = server.cpuSeconds();
      Sample sample = processes.time(List.of("nbdcopy", "nbd+unix:///?socket=" + socket, "null:"));
      return sample.plusCpu(server.cpuSeconds() - before);
    }
  }

  private Sample fromNbdkit(Path socket, int gib, List<String> client, String... options)
      throws Exception {
    Path file = prepared(gib);
    List<String> serve =
        new java.util.ArrayList<>(List.of("nbdkit", "-f", "-r", "-U", socket.toString()));
    serve.addAll(List.of(options));
    serve.addAll(List.of("file", file.toString()));
    try (Server server = processes.serve(serve, socket)) {
      double before = server.cpuSeconds();
      Sample sample = processes.time(client);
      return sample.plusCpu(server.cpuSeconds() - before);
    }
  }

  private Path prepared(int gib) throws Exception {
    Certificates.make(processes, folder);
    Path file = Image.random(processes, folder, gib);
    Image.warm(processes, file);
    return file;
  }

  private Path certificates() {
    return Certificates.folder(folder);
  }
}
